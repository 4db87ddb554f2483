import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from "type-graphql";
import { personContext, type RequestContext } from "../../context/request-context.js";
import { Cost } from "../../graphql/cost.js";
import { Allow, payload } from "../../graphql/graphql-types.js";
import { ViewerType } from "../sessions/session.types.js";
import {
  CreateSavedViewInput,
  CreateSavedViewPayload,
  DeleteSavedViewInput,
  DeleteSavedViewPayload,
  SavedViewType,
  UpdateSavedViewInput,
  UpdateSavedViewPayload,
} from "./saved-view.types.js";
import { createSavedView, deleteSavedView, savedViewsOf, updateSavedView } from "./saved-views.service.js";

@Resolver(() => ViewerType)
export class SavedViewsResolver {
  @Cost({ own: 100 })
  @FieldResolver(() => [SavedViewType], {
    description:
      "Saved views of the web app's lists: the user's own, and those shared in the account, by name. A token has none.",
  })
  async savedViews(@Root() { caller }: ViewerType, @Ctx() { app }: RequestContext): Promise<SavedViewType[]> {
    return caller.kind === "token" ? [] : savedViewsOf(app.dataSource.manager, caller);
  }

  @Allow("savedView:write")
  @Mutation(() => CreateSavedViewPayload, {
    description: "Saves a view: for the caller alone, or shared with everyone in the account.",
  })
  createSavedView(
    @Arg("input", { description: "The new view." }) input: CreateSavedViewInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateSavedViewPayload> {
    return payload(createSavedView(personContext(context), input).then((savedView) => ({ savedView })));
  }

  @Allow("savedView:write")
  @Mutation(() => UpdateSavedViewPayload, {
    description: "Renames, replaces or shares a view, or makes it the one its list opens in for the caller.",
  })
  updateSavedView(
    @Arg("input", { description: "The changes." }) input: UpdateSavedViewInput,
    @Ctx() context: RequestContext,
  ): Promise<UpdateSavedViewPayload> {
    return payload(updateSavedView(personContext(context), input).then((savedView) => ({ savedView })));
  }

  @Allow("savedView:write")
  @Mutation(() => DeleteSavedViewPayload, {
    description: "Deletes a view. Shared ones require ADMIN.",
  })
  deleteSavedView(
    @Arg("input", { description: "The view to delete." }) input: DeleteSavedViewInput,
    @Ctx() context: RequestContext,
  ): Promise<DeleteSavedViewPayload> {
    return payload(deleteSavedView(personContext(context), input.id).then((deletedId) => ({ deletedId })));
  }
}
