import { limits } from "@hallpass/shared";
import { Field, ID, InputType, ObjectType } from "type-graphql";
import { enumOf, PayloadType } from "../../graphql/graphql-types.js";
import { type SavedViewList, savedViewLists } from "./saved-view.entity.js";

const SavedViewListEnum = enumOf("SavedViewList", savedViewLists, "A list of the web app.", {
  API_TOKENS: "The API tokens of the account.",
  AUDIT_TRAIL: "The account's audit trail.",
  OBJECT_AUDIT_TRAIL: "The audit trail of one object, e.g. an API token.",
});

const query = `Query of the page's URL without the question mark, up to ${limits.viewQueryLength.toLocaleString("en")} characters, e.g. \`sort=-name\`.`;

@ObjectType("SavedView", { description: "A list's filter, sort order and columns under a name." })
export class SavedViewType {
  @Field(() => ID, { description: "Unique in the deployment and never reused." }) id: string;
  @Field(() => SavedViewListEnum, { description: "The list it is for." }) list: SavedViewList;
  @Field({ description: "Display name." }) name: string;
  @Field({ description: query }) query: string;
  @Field({ description: "Whether everyone in the account has it. If false, only the caller does." }) shared: boolean;
  @Field({ description: "Whether the list opens in it for the caller." }) isDefault: boolean;
}

@InputType({ description: "A new view." })
export class CreateSavedViewInput {
  @Field(() => SavedViewListEnum, { description: "The list it is for." }) list: SavedViewList;
  @Field({
    description: `Up to ${limits.viewNameLength} characters. Unique among the person's, or the account's shared, views of the list.`,
  })
  name: string;
  @Field({ description: query }) query: string;
  @Field(() => Boolean, {
    nullable: true,
    description: "Whether everyone in the account has it. Requires ADMIN. False by default.",
  })
  shared?: boolean | null;
}

@InputType({ description: "Changes to a view. Fields left out or null stay unchanged." })
export class UpdateSavedViewInput {
  @Field(() => ID, { description: "The view to change." }) id: string;
  @Field(() => String, { nullable: true, description: "New name." }) name?: string | null;
  @Field(() => String, { nullable: true, description: query }) query?: string | null;
  @Field(() => Boolean, {
    nullable: true,
    description: "True shares the view with the account, false makes it the caller's own. Requires ADMIN.",
  })
  shared?: boolean | null;
  @Field(() => Boolean, {
    nullable: true,
    description: "Whether the list opens in it for the caller. Replaces the previous default. Anyone may set it.",
  })
  isDefault?: boolean | null;
}

@InputType({ description: "The view to delete." })
export class DeleteSavedViewInput {
  @Field(() => ID, { description: "The view to delete." }) id: string;
}

@ObjectType({ description: "The new view." })
export class CreateSavedViewPayload extends PayloadType {
  @Field(() => SavedViewType, { nullable: true, description: "The new view." }) savedView?: SavedViewType | null;
}

@ObjectType({ description: "The changed view." })
export class UpdateSavedViewPayload extends PayloadType {
  @Field(() => SavedViewType, { nullable: true, description: "The changed view." }) savedView?: SavedViewType | null;
}

@ObjectType({ description: "The view has been deleted." })
export class DeleteSavedViewPayload extends PayloadType {
  @Field(() => ID, { nullable: true, description: "ID of the deleted view." }) deletedId?: string | null;
}
