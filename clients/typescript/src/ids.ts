/**
 * Orders ids, and makes the ids by which the server knows again what it has met.
 *
 * It is pure but for chance: it keeps nothing.
 */
import { randomUUID } from "node:crypto";

/** A random id that nobody has used: a mutation can be asked again with it safely. */
export function newRequestId(): string {
  return randomUUID();
}

/** A random id that no workspace has. */
export function newWorkspaceId(): string {
  return randomUUID();
}

/** Compare by code points, as the server does. JavaScript's own order is by UTF-16 units, which puts emoji before some letters. */
export function compareIds(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
  return isSurrogate ? unit + 0x10000 : unit;
}
