/**
 * Lists the break reasons, page after page.
 */
import type { BreakReason } from "../gen/onduty/v1/policy.js";
import {
  ListBreakReasonsRequest,
  WorkspaceServiceService,
  type ListBreakReasonsResponse,
} from "../gen/onduty/v1/workspace_service.js";
import type { Connection, ReadOptions } from "./connection.js";
import { LARGEST_PAGE } from "./options.js";

/** Which break reasons. */
export interface BreakReasonsOptions extends ReadOptions {
  /** Also those that cannot be chosen: disabled and built-in ones. */
  readonly includeDisabled?: boolean | undefined;
}

/** The break reasons by code, of all pages, with the position of the last one. */
export async function listBreakReasons(
  connection: Connection,
  options: BreakReasonsOptions,
): Promise<ListBreakReasonsResponse> {
  const { includeDisabled = false, atLeast = "" } = options;
  const request = ListBreakReasonsRequest.fromPartial({ includeDisabled, atLeast, pageSize: LARGEST_PAGE });
  const breakReasons: BreakReason[] = [];
  for (;;) {
    const page = await connection.call(WorkspaceServiceService.listBreakReasons, request, options);
    for (const reason of page.breakReasons) breakReasons.push(reason);
    if (page.nextPageToken === "") return { ...page, breakReasons };
    request.pageToken = page.nextPageToken;
  }
}
