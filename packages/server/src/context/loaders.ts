import type { DataSource } from "typeorm";

/** The DataLoaders of one request. They batch rows that fields request one by one into one statement. */
export interface Loaders {
  /** The request's loader of this kind, created on first use. */
  of<Loader>(create: CreateLoader<Loader>): Loader;
}

type CreateLoader<Loader> = (dataSource: DataSource, loaders: Loaders) => Loader;

export function createLoaders(dataSource: DataSource): Loaders {
  const made = new Map<unknown, unknown>();
  const loaders: Loaders = {
    of<Loader>(create: CreateLoader<Loader>) {
      if (!made.has(create)) made.set(create, create(dataSource, loaders));
      return made.get(create) as Loader;
    },
  };
  return loaders;
}
