// An f32 as people and files write it: the fewest digits that still say this very number.

/** The shortest decimal that reads back to the same f32 (nine digits always do). */
export function float32Text(value: number): string {
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Object.is(Math.fround(Number(text)), value)) return text;
  }
  return String(Number(value.toPrecision(9)));
}
