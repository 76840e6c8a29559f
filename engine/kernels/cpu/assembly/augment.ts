// What is done to a train batch before the model sees it: draws for the whole batch, then changes of the gathered inputs.
import {
  ADD_NOISE_FEATURES, ADD_NOISE_NORMALS, ADD_NOISE_STD, ADD_NOISE_X, ADD_NOISE_Y, CROP_IMAGES_HEIGHT, CROP_IMAGES_OFFSETS,
  CROP_IMAGES_PADDING, CROP_IMAGES_WIDTH, CROP_IMAGES_X, CROP_IMAGES_Y, DRAW_FLIPS_FLIPS, DRAW_FLIPS_P, DRAW_OFFSETS_OFFSETS,
  DRAW_OFFSETS_RANGE, FLIP_IMAGES_FLIPS, FLIP_IMAGES_WIDTH, FLIP_IMAGES_X, FLIP_IMAGES_Y,
} from '../build/records';
import { batchSize, chunkStart, columnsOf, examplesOf, rowBytes, stride } from './context';
import { R_ROWS } from './layout';
import { draw, generatorState, uniform24 } from './mt19937';

/** torch.rand(n) < p: i32 [examples], all ones where a picture is turned round. */
export function drawFlips(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const mt = generatorState();
  const p = load<f32>(record, DRAW_FLIPS_P);
  const flips = load<usize>(record, DRAW_FLIPS_FLIPS);
  for (let i = 0; i < batchSize; i++) store<i32>(flips + (<usize>i << 2), uniform24(mt) < p ? -1 : 0);
}

/** torch.randint(0, range, (n, 2)): i32 [examples][2], top and left. */
export function drawOffsets(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const mt = generatorState();
  const range = <u32>load<i32>(record, DRAW_OFFSETS_RANGE);
  const offsets = load<usize>(record, DRAW_OFFSETS_OFFSETS);
  for (let i = 0; i < 2 * batchSize; i++) store<i32>(offsets + (<usize>i << 2), <i32>(draw(mt) % range));
}

/** Rows of pixels [first, last): in pictures that are turned round, from right to left. */
export function flipImages(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const width = load<i32>(record, FLIP_IMAGES_WIDTH);
  const rows = load<i32>(record, R_ROWS);
  const pixel = rowBytes();
  const row = <usize>width * pixel;
  for (let block = from; block < to; block++) {
    const flips = load<usize>(record, FLIP_IMAGES_FLIPS) + (<usize>(chunkStart + block * stride) << 2);
    const most = examplesOf(block) - 1;
    for (let c = 0; c < stride; c += 4) {
      let turned = v128.load32_zero(flips + (<usize>min(c, most) << 2));
      turned = v128.load32_lane(flips + (<usize>min(c + 1, most) << 2), turned, 1);
      turned = v128.load32_lane(flips + (<usize>min(c + 2, most) << 2), turned, 2);
      turned = v128.load32_lane(flips + (<usize>min(c + 3, most) << 2), turned, 3);
      const start = <usize>(block * rows + first) * row + (<usize>c << 2);
      let x = load<usize>(record, FLIP_IMAGES_X) + start;
      let y = load<usize>(record, FLIP_IMAGES_Y) + start;
      for (let r = first; r < last; r++) {
        let left: usize = 0;
        let right = row - pixel;
        for (; left <= right; left += pixel) {
          const a = v128.load(x + left);
          const b = v128.load(x + right);
          v128.store(y + left, v128.bitselect(b, a, turned));
          v128.store(y + right, v128.bitselect(a, b, turned));
          if (right < pixel) break;
          right -= pixel;
        }
        x += row;
        y += row;
      }
    }
  }
}

/** Rows of pixels [first, last) of crops out of pictures that are padded with zeros; every example has its own offset. */
export function cropImages(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const height = load<i32>(record, CROP_IMAGES_HEIGHT);
  const width = load<i32>(record, CROP_IMAGES_WIDTH);
  const padding = load<i32>(record, CROP_IMAGES_PADDING);
  const rows = load<i32>(record, R_ROWS);
  const pixel = rowBytes();
  const row = <usize>width * pixel;
  for (let block = from; block < to; block++) {
    const offsets = load<usize>(record, CROP_IMAGES_OFFSETS);
    const most = examplesOf(block) - 1;
    const base = <usize>(block * rows) * row;
    for (let c = 0; c < stride; c++) {
      const offset = offsets + (<usize>(chunkStart + block * stride + min(c, most)) << 3);
      const top = load<i32>(offset) - padding;
      const left = load<i32>(offset, 4) - padding;
      const lane = <usize>c << 2;
      for (let r = first; r < last; r++) {
        const sourceY = (r % height) + top;
        const x = load<usize>(record, CROP_IMAGES_X) + base + <usize>(r - (r % height) + sourceY) * row + lane;
        let y = load<usize>(record, CROP_IMAGES_Y) + base + <usize>r * row + lane;
        const isInside = sourceY >= 0 && sourceY < height;
        for (let j = left; j < left + width; j++) {
          store<f32>(y, isInside && j >= 0 && j < width ? load<f32>(x + <usize>j * pixel) : 0);
          y += pixel;
        }
      }
    }
  }
}

/** Rows [first, last): y = x + std * normal, the normals drawn for the whole batch, f32 [examples][features]. */
export function addNoise(record: usize, first: i32, last: i32, from: i32, to: i32): void {
  const features = load<i32>(record, ADD_NOISE_FEATURES);
  const std = v128.load32_splat(record, ADD_NOISE_STD);
  const bytes = rowBytes();
  const width = <usize>features << 2;
  for (let block = from; block < to; block++) {
    const place = <usize>block * (features * bytes);
    const normals = load<usize>(record, ADD_NOISE_NORMALS) + <usize>(chunkStart + block * stride) * width;
    const columns = columnsOf(block);
    const most = examplesOf(block) - 1;
    for (let f = first; f < last; f++) {
      const at = normals + (<usize>f << 2);
      for (let c = 0; c < columns; c += 4) {
        let z = v128.load32_zero(at + <usize>min(c, most) * width);
        z = v128.load32_lane(at + <usize>min(c + 1, most) * width, z, 1);
        z = v128.load32_lane(at + <usize>min(c + 2, most) * width, z, 2);
        z = v128.load32_lane(at + <usize>min(c + 3, most) * width, z, 3);
        const offset = place + (<usize>(f * stride + c) << 2);
        const x = v128.load(load<usize>(record, ADD_NOISE_X) + offset);
        v128.store(load<usize>(record, ADD_NOISE_Y) + offset, f32x4.add(x, f32x4.mul(z, std)));
      }
    }
  }
}
