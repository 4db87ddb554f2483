import { fileURLToPath } from "node:url";
import { textsOf } from "../support/texts.js";

const packages = fileURLToPath(new URL("../../..", import.meta.url));

/** Migrations, generated code and tests have no texts that people read. */
const isSource = (file: string) => /\.tsx?$/.test(file) && !/\.(test|d)\.ts|^test\/|^gql\/|migrations\//.test(file);

describe("Texts", () => {
  test.each(["shared", "server", "web"])("Every text that people read in %s is in the reviewed list", (name) => {
    const texts = textsOf(`${packages}/${name}/src`, isSource);
    expect(texts).toMatchSnapshot();
  });
});
