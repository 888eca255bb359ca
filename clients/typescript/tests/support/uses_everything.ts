/** A program that opens, uses and closes everything, and does nothing to end itself. */
import { Connection, RouterClient, Status, WorkspaceClient } from "../../src/index.js";

const [target = "", tenant = ""] = process.argv.slice(2);
const connection = new Connection({ target, tenant, token: () => Promise.resolve("unused"), callTimeout: 30 });
const router = new RouterClient(connection);
const floors = [router.floor(), router.floor({ skillGroups: ["sales"] })];
await Promise.all(floors.map((floor) => floor.waitCurrent(30)));
const workspace = new WorkspaceClient(connection, "ada");
workspace.attach();
await workspace.waitAttached(30);
await workspace.changeStatus(Status.AVAILABLE);
await router.claimMember({ callId: "c1", skillGroups: "sales" });
for await (const staff of workspace) if (staff.offer) break;
await workspace.accept();
await floors[0]?.close();

const nowhere = new Connection({ target: "127.0.0.1:1" });
const lost = new RouterClient(nowhere).floor();
await lost.waitCurrent(0.2).catch(() => undefined);

await Promise.all([connection.close(), nowhere.close()]);
process.stdout.write("closed\n");
