import { writeFileSync } from "node:fs";
import { printSchema } from "graphql";
import { createSchema } from "./app/schema.js";

// Writes the served schema to schema.graphql, for clients, the web app's code generator and reviewers.
writeFileSync(new URL("../schema.graphql", import.meta.url), `${printSchema(createSchema())}\n`);
