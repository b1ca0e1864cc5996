/** How many runs to show, as the address says it; what is no such number is the default. */
export const runsShown = (text: string | undefined, byDefault: number, atMost: number): number => {
  const runs = Number(text ?? byDefault);

  return Number.isInteger(runs) && runs >= 1 && runs <= atMost ? runs : byDefault;
};
