/** The time in the name of a vault that was set aside (`20261121-100000`, in UTC), as an instant. */
export function asideTime(date: string): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)/.exec(date) ?? [];
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
