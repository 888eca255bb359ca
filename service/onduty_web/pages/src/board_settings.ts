/** What a board shows, as its address says it: so that a screen on a wall is set up by a link. */

/** The settings. Thresholds are seconds; 0: none. */
export interface BoardSettings {
  readonly group: string;
  readonly showsOffline: boolean;
  readonly wrapUpSeconds: number;
  readonly callSeconds: number;
  readonly breakSeconds: number;
  readonly rows: boolean;
}

const number = (text: string | null, otherwise: number): number => {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value >= 0 ? value : otherwise;
};

/** The settings of an address. */
export function settingsOf(query: string): BoardSettings {
  const fields = new URLSearchParams(query);
  return {
    group: fields.get("group") ?? "",
    showsOffline: fields.get("offline") === "1",
    wrapUpSeconds: number(fields.get("acw"), 60),
    callSeconds: number(fields.get("call"), 600),
    breakSeconds: number(fields.get("break"), 0),
    rows: fields.get("view") === "rows",
  };
}

/** The address with a setting changed; what is as it is by default is left out. */
export function withSetting(address: string, name: string, value: string): string {
  const changed = new URL(address);
  if (value === "") changed.searchParams.delete(name);
  else changed.searchParams.set(name, value);
  return changed.href;
}
