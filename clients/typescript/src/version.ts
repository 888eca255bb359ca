/**
 * What the client says it is.
 */
import { readFileSync } from "node:fs";

const PACKAGE = new URL("../../package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { version: string };

/** The client's name and version, sent with every call and of every workspace that does not say what it is. */
export const USER_AGENT = `onduty-client-typescript/${version}`;
