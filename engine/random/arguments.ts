// The checks of counts and probabilities that several draws share, so that every refusal reads the same.

/**
 * @returns `value`.
 * @throws RangeError naming the argument when it is no whole number from 0 to `most`.
 */
export function requireCount(argument: string, value: number, most = 2 ** 31 - 1): number {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new RangeError(`${argument} must be a whole number from 0 to ${most}, but is ${value}`);
  return value;
}

/**
 * @returns `value`.
 * @throws RangeError naming the argument when it is outside [0, 1].
 */
export function requireProbability(argument: string, value: number): number {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${argument} must be from 0 to 1, but is ${value}`);
  return value;
}
