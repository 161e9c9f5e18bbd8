/** Times as text for long lists. */

const DAY_MS = 86_400_000;
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const threeDigits = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** Of the time before, whose day is most often that of the next. */
let day = Number.NaN;
let dayText = '';

/** What Date's toISOString says of these ms since the Unix epoch, in a fraction of its time. Throws RangeError as that does. */
export function isoTime(ms: number): string {
  const whole = Math.trunc(ms);
  const itsDay = Math.floor(whole / DAY_MS);
  if (itsDay !== day) {
    dayText = new Date(whole).toISOString().slice(0, -'00:00:00.000Z'.length);
    day = itsDay;
  }
  const rest = whole - day * DAY_MS;
  const minutes = Math.floor(rest / 60_000);
  const [hour, minute] = [twoDigits[Math.floor(minutes / 60)], twoDigits[minutes % 60]];
  return `${dayText}${hour}:${minute}:${twoDigits[Math.floor(rest / 1000) % 60]}.${threeDigits[rest % 1000]}Z`;
}
