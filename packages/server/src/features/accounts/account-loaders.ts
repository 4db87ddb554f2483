import type { DataSource } from "typeorm";
import type { Loaders } from "../../context/loaders.js";
import { rowById } from "../../db/rows.js";
import { modulesOf } from "../modules/module-loaders.js";
import { AccountEntity, AccountModuleEntity } from "./account.entity.js";

export const accountById = (dataSource: DataSource) => rowById(dataSource, AccountEntity);

export const modulesOfAccount = (dataSource: DataSource, loaders: Loaders) =>
  modulesOf(dataSource, loaders, AccountModuleEntity, "accountId");
