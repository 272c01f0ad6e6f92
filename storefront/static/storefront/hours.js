/** Opening hours: whether the shop is open at a moment, in its own time zone. */

/**
 * @param {API.DayHours[]} hours seven days, from Monday
 * @param {string} timeZone
 * @param {Date} now
 * @returns {{day: number, closes: string | null}} the number of the day in `hours`, and when the shop closes if it is open
 */
export function openNow(hours, timeZone, now) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    .formatToParts(now);
  /** @param {string} type */
  const part = (type) => parts.find((each) => each.type === type)?.value ?? "";
  const time = `${part("hour")}:${part("minute")}`;
  const day = hours.findIndex((each) => each.day === part("weekday").toLowerCase());
  const { opens, closes } = hours[day];
  return { day, closes: opens && closes && opens <= time && time < closes ? closes : null };
}
