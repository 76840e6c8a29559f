// The channels of the convolution at hand, per group, and how they are cut into tiles. All kernels of Conv2d share these numbers.
import { CONV_FORWARD_GROUPS, CONV_FORWARD_INCHANNELS, CONV_FORWARD_OUTCHANNELS } from '../build/records';
import { rowBytes } from './context';
import { enterWindow, inHeight, inWidth, outHeight, outWidth } from './window';

/** Channels that a tile takes at most; see conv-tiles.mjs. */
export const TILE: i32 = 6;

export let groups: i32 = 0;
export let inputs: i32 = 0;
export let outputs: i32 = 0;
/** Bytes of one channel of a block, input and output. */
export let inChannel: usize = 0;
export let outChannel: usize = 0;

export function enterConvolution(record: usize): void {
  enterWindow(record);
  groups = load<i32>(record, CONV_FORWARD_GROUPS);
  inputs = load<i32>(record, CONV_FORWARD_INCHANNELS) / groups;
  outputs = load<i32>(record, CONV_FORWARD_OUTCHANNELS) / groups;
  inChannel = <usize>(inHeight * inWidth) * rowBytes();
  outChannel = <usize>(outHeight * outWidth) * rowBytes();
}

/** Tiles that the channels of a group take: as few as possible. */
// @ts-ignore: decorator
@inline
export function partsOf(channels: i32): i32 {
  return (channels + TILE - 1) / TILE;
}

/** First channel of part `part`; parts are as even as possible. */
// @ts-ignore: decorator
@inline
export function partStart(channels: i32, part: i32): i32 {
  return (channels * part) / partsOf(channels);
}
