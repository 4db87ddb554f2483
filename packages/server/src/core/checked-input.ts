import { userErrorsOf } from "@hallpass/shared";
import type { z } from "zod";
import { UserInputError } from "./errors.js";

/** The input in its stored form. Throws a UserInputError if it is invalid. */
export function checkedInput<Schema extends z.ZodType>(schema: Schema, input: object): z.output<Schema> {
  const { data, error } = schema.safeParse(input);
  if (error) throw new UserInputError(userErrorsOf(error));
  return data;
}
