import { writeFileSync } from "node:fs";
import { printSchema } from "graphql";
import { createSchema } from "./app/schema.js";

// Writes what the server serves to where clients, the web app's code generator and reviewers read it.
writeFileSync(new URL("../schema.graphql", import.meta.url), `${printSchema(createSchema())}\n`);
