import { identifierMaxLength } from "@hallpass/shared";
import { Column, type ColumnOptions, PrimaryColumn } from "typeorm";

// Column types with the same meaning on SQLite and on MySQL/MariaDB. Entities use no others.

/** An ID such as TKN-1234-5678. */
export const IdColumn = (name: string, options: ColumnOptions = {}) =>
  Column("varchar", { name, length: identifierMaxLength, ...options });

export const PrimaryIdColumn = (name = "id") => PrimaryColumn("varchar", { name, length: identifierMaxLength });

export const TextColumn = (name: string, length: number, options: ColumnOptions = {}) =>
  Column("varchar", { name, length, ...options });

/** A point in time, to the millisecond, in UTC. */
export const TimeColumn = (name: string, options: ColumnOptions = {}) =>
  Column({ type: "datetime", name, precision: 3, ...options });

export const IntColumn = (name: string, options: ColumnOptions = {}) => Column("int", { name, ...options });
