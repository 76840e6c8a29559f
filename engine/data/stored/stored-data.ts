// A data set that the person brought: what a file held, typed, before anything is dropped, filled in, split or scaled.

/** One column as the file gives it. */
export type StoredColumn =
  /** NaN: missing. */
  | { readonly name: string; readonly kind: 'number'; readonly values: Float64Array }
  /** -1: missing; otherwise a position in `categories`. */
  | {
      readonly name: string;
      readonly kind: 'category';
      readonly values: Int32Array;
      readonly categories: readonly string[];
    };

export interface StoredColumns {
  readonly kind: 'columns';
  readonly rows: number;
  readonly columns: readonly StoredColumn[];
}

export interface StoredPictures {
  readonly kind: 'pictures';
  readonly rows: number;
  readonly shape: readonly [channels: number, height: number, width: number];
  /** u8 [rows, channels, height, width]. */
  readonly pixels: Uint8Array;
  /** i32 [rows], positions in `classes`. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** u8 [rows], what the files said: 0 train, 1 test; null: they said nothing. */
  readonly parts: Uint8Array | null;
}

export type StoredData = StoredColumns | StoredPictures;
