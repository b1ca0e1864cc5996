const PARTS = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?/u;

/** How far the zone's clocks are ahead of UTC at a moment, milliseconds. */
const offsetMs = (moment: number, timeZone: string): number => {
  const parts = new Intl.DateTimeFormat("en", {
    day: "numeric",
    hour: "numeric",
    hourCycle: "h23",
    minute: "numeric",
    month: "numeric",
    second: "numeric",
    timeZone,
    year: "numeric",
  }).formatToParts(moment);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? "0");
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));

  return shown - Math.floor(moment / 1000) * 1000;
};

/**
 * The moment at which the clocks of a time zone show a date and time, e.g. of an `input` of type datetime-local, as ISO 8601
 * in UTC. Undefined for what is no date and time. A time that the zone skips is taken as one hour later.
 */
export const instantOf = (local: string, timeZone: string): string | undefined => {
  if (!PARTS.test(local)) {
    return undefined;
  }
  const asUtc = Date.parse(`${local}Z`);

  if (Number.isNaN(asUtc)) {
    return undefined;
  }
  // The offset is that of the moment itself, which is not known yet: the second guess is right around a change too.
  const guess = asUtc - offsetMs(asUtc, timeZone);

  return new Date(asUtc - offsetMs(guess, timeZone)).toISOString();
};
