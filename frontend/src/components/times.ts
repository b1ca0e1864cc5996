/** Seconds as words, two units at most: "4 m 02 s", "3 h 10 m", "2 d 4 h". */
export const durationWords = (seconds: number): string => {
  const total = Math.max(0, seconds);

  if (total < 10) {
    return `${total.toFixed(1)} s`;
  }
  const whole = Math.round(total);

  if (whole < 60) {
    return `${whole} s`;
  }
  const pad = (value: number) => String(value).padStart(2, "0");

  if (whole < 3600) {
    return `${Math.floor(whole / 60)} m ${pad(whole % 60)} s`;
  }
  const minutes = Math.round(whole / 60);

  if (minutes < 24 * 60) {
    return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
  }
  const hours = Math.round(minutes / 60);

  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
};

/** Seconds as one rough unit: "3 s", "12 min", "2 h", "3 d". */
export const ageWords = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));

  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min`;
  }
  if (whole < 48 * 3600) {
    return `${Math.floor(whole / 3600)} h`;
  }

  return `${Math.floor(whole / 86_400)} d`;
};

/** A moment as "12 min ago", "in 3 h" or "now". */
export const relativeWords = (moment: Date, now: number): string => {
  const seconds = (now - moment.getTime()) / 1000;

  if (Math.abs(seconds) < 1) {
    return "now";
  }

  return seconds > 0 ? `${ageWords(seconds)} ago` : `in ${ageWords(-seconds)}`;
};

const formatters = new Map<string, Intl.DateTimeFormat>();

const formatter = (language: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(language, { ...options, timeZone });

  formatters.set(key, made);

  return made;
};

type Zone = { readonly language: string; readonly timeZone: string };

/** A moment in full, with its zone: for titles. */
export const exactWords = (moment: Date, { language, timeZone }: Zone): string =>
  formatter(language, timeZone, {
    day: "numeric",
    hour: "2-digit",
    hourCycle: "h23",
    minute: "2-digit",
    month: "short",
    second: "2-digit",
    timeZoneName: "short",
    weekday: "short",
    year: "numeric",
  }).format(moment);

/** The time of day of a line of a log: "09:12:41". */
export const logTimeWords = (moment: Date, { language, timeZone }: Zone): string =>
  formatter(language, timeZone, { hour: "2-digit", hourCycle: "h23", minute: "2-digit", second: "2-digit" }).format(moment);

const dayOf = (moment: Date, zone: Zone): string =>
  formatter(zone.language, zone.timeZone, { day: "numeric", month: "numeric", year: "numeric" }).format(moment);

const WEEK_MS = 6 * 86_400_000;

/** A moment as short as it can be and still be clear today: "09:12", "Tue 02:00", "3 Nov 02:00". */
export const clockWords = (moment: Date, now: number, zone: Zone): string => {
  const time = { hour: "2-digit", hourCycle: "h23", minute: "2-digit" } as const;
  const away = Math.abs(now - moment.getTime());

  if (dayOf(moment, zone) === dayOf(new Date(now), zone)) {
    return formatter(zone.language, zone.timeZone, time).format(moment);
  }
  const day =
    away < WEEK_MS
      ? formatter(zone.language, zone.timeZone, { weekday: "short" }).format(moment)
      : formatter(zone.language, zone.timeZone, {
          day: "numeric",
          month: "short",
          year: away > 300 * 86_400_000 ? "numeric" : undefined,
        }).format(moment);

  return `${day} ${formatter(zone.language, zone.timeZone, time).format(moment)}`;
};
