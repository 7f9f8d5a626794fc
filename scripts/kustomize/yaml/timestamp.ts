/** Whether go-yaml takes a plain scalar for a point in time. */
export function isTimestamp(text: string): boolean {
  return parse(text) !== undefined;
}

/** A timestamp as Go writes it into JSON: RFC 3339; undefined for what is none. */
export function formatTimestamp(text: string): string | undefined {
  const parts = parse(text);
  if (parts === undefined) return undefined;
  const { year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone } = parts;
  const nanoseconds = fraction.slice(0, 9).replace(/0+$/, "");
  const two = (value: string | undefined): string => (value ?? "").padStart(2, "0");
  const date = `${year}-${two(month)}-${two(day)}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  const offset = zone === undefined || /^[-+]00:00$/.test(zone) ? "Z" : zone;
  return `${date}T${time}${nanoseconds && `.${nanoseconds}`}${offset}`;
}

const form = new RegExp(
  String.raw`^(?<year>\d{4})-(?<month>\d\d?)-(?<day>\d\d?)(?:` +
    String.raw`(?<separator>[Tt ])(?<hour>\d\d?):(?<minute>\d\d?):(?<second>\d\d?)` +
    String.raw`(?:[.,](?<fraction>\d+))?(?<zone>Z|[-+]\d\d:\d\d)?)?$`,
);

function parse(text: string): Readonly<Record<string, string | undefined>> | undefined {
  if (text.charCodeAt(4) !== 45) return undefined;
  const parts = form.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const { separator, zone } = parts;
  // With a blank there is no zone, with a T there must be one.
  if (separator !== undefined && (separator === " ") !== (zone === undefined)) return undefined;
  const year = Number(parts.year);
  const month = Number(parts.month);
  const day = Number(parts.day);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (Number(parts.hour ?? 0) > 23 || Number(parts.minute ?? 0) > 59) return undefined;
  if (Number(parts.second ?? 0) > 59) return undefined;
  if (zone !== undefined && zone !== "Z") {
    if (Number(zone.slice(1, 3)) > 24 || Number(zone.slice(4)) > 59) return undefined;
  }
  return parts;
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
