import DataLoader from "dataloader";
import type { DataSource, EntityTarget, ObjectLiteral } from "typeorm";
import type { Loaders } from "../../context/loaders.js";
import { grouped, rowById, rowsWith } from "../../db/rows.js";
import { ModuleEntity } from "./module.entity.js";

const moduleById = (dataSource: DataSource) => rowById(dataSource, ModuleEntity);

/** The modules a link table assigns to an owner, by name. */
export function modulesOf<Link extends ObjectLiteral & { moduleId: string }>(
  dataSource: DataSource,
  loaders: Loaders,
  target: EntityTarget<Link>,
  owner: keyof Link & string,
) {
  return new DataLoader<string, ModuleEntity[]>(async (ownerIds) => {
    const links = await rowsWith(dataSource, target, owner, ownerIds);
    const found = await loaders.of(moduleById).loadMany([...new Set(links.map(({ moduleId }) => moduleId))]);
    const byModuleId = new Map(found.filter((each) => each instanceof ModuleEntity).map((each) => [each.id, each]));
    return grouped(ownerIds, links, (link) => link[owner] as string).map((each) =>
      each
        .map(({ moduleId }) => byModuleId.get(moduleId))
        .filter((row) => row !== undefined)
        .sort((a, b) => a.name.localeCompare(b.name, "en")),
    );
  });
}
