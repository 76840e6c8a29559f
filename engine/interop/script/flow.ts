// Which Python variable holds what flows from layer to layer: `x` runs along as long as only the next line wants it; what is
// wanted later keeps its layer's name.

export interface Station {
  /** Python identifier. */
  readonly name: string;
  /** Positions of the stations it takes its inputs from; -1 is the data. */
  readonly sources: readonly number[];
}

export interface Flow {
  /** Name of the function's argument. */
  readonly parameter: string;
  /** Variable that holds what a station gives; -1: the data. */
  readonly variable: (position: number) => string;
}

export function flowOf(stations: readonly Station[]): Flow {
  const passedOn = (position: number): boolean =>
    stations.every(({ sources }, user) => !sources.includes(position) || user === position + 1);
  const parameter = passedOn(-1) ? 'x' : 'inputs';
  return {
    parameter,
    variable(position) {
      if (position < 0) return parameter;
      return passedOn(position) ? 'x' : (stations[position]?.name ?? 'x');
    },
  };
}
