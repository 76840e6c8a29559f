// Writes the register tiles of the convolution: unrolled code that AssemblyScript has no macros for.
//
// Images are [channels][height][width][examples], examples innermost: the columns of a row of pixels are contiguous, and one
// step along the kernel is a constant number of bytes. A tile holds R channels times V vectors of four columns in registers
// and adds up over channels and taps. V8 gives 15 vector registers (tiles.mjs), so R*V + V + 1 or R*T + T + 1 must fit.

const range = (n) => Array.from({ length: n }, (_, i) => i);

/** Channels that a tile of the product takes at most. */
export const CHANNELS = 6;
/** Channels that a tile of the weight gradient takes at most, by its number of taps. */
export const GRADIENT_CHANNELS = { 1: 6, 2: 6, 3: 3 };

/**
 * C[r][column] = bias[r] + sum over outer o, rows h and taps w of A[o][h][w][r] * B[o][h][w][column].
 * A: packed weights, r innermost, aW bytes per tap; after a row of taps aH more, after an outer step aO more.
 * B: bO, bH, bW bytes per step (bW may be negative).
 */
function product(channels, vectors) {
  const all = range(channels).flatMap((r) => range(vectors).map((v) => [r, v]));
  const out = [];
  out.push(
    `function product${channels}x${vectors}(a: usize, b: usize, c: usize, cChannel: usize, bias: usize, outer: i32, aO: usize, bO: usize, rows: i32, aH: usize, bH: usize, taps: i32, aW: usize, bW: usize): void {`,
  );
  for (const [r, v] of all) out.push(`  let c${r}_${v}: v128;`);
  out.push('  if (bias != 0) {');
  for (const [r, v] of all) out.push(`    c${r}_${v} = ${v === 0 ? `v128.load32_splat(bias, ${4 * r})` : `c${r}_0`};`);
  out.push('  } else {');
  for (const [r, v] of all) out.push(`    c${r}_${v} = f32x4.splat(0);`);
  out.push('  }');
  out.push('  let x: v128;');
  for (const v of range(vectors)) out.push(`  let b${v}: v128;`);
  out.push(
    '  for (let o = outer; o > 0; o--) {',
    '    let bh = b;',
    '    for (let h = rows; h > 0; h--) {',
    '      let bw = bh;',
    '      for (let w = taps; w > 0; w--) {',
  );
  for (const v of range(vectors)) out.push(`        b${v} = v128.load(bw, ${16 * v});`);
  for (const r of range(channels)) {
    out.push(`        x = v128.load32_splat(a, ${4 * r});`);
    for (const v of range(vectors)) out.push(`        c${r}_${v} = madd(x, b${v}, c${r}_${v});`);
  }
  out.push('        a += aW;', '        bw += bW;', '      }', '      a += aH;', '      bh += bH;', '    }');
  out.push('    a += aO;', '    b += bO;', '  }');
  for (const r of range(channels)) {
    if (r > 0) out.push('  c += cChannel;');
    for (const v of range(vectors)) out.push(`  v128.store(c, c${r}_${v}, ${16 * v});`);
  }
  out.push('}', '');
  return out.join('\n');
}

const PRODUCT_ARGUMENTS =
  'a: usize, b: usize, c: usize, cChannel: usize, bias: usize, outer: i32, aO: usize, bO: usize, rows: i32, aH: usize, bH: usize, taps: i32, aW: usize, bW: usize';
const PRODUCT_VALUES = 'a, b, c, cChannel, bias, outer, aO, bO, rows, aH, bH, taps, aW, bW';

function productRow() {
  const out = [];
  for (const vectors of [2, 1]) {
    out.push(`function product${vectors}(channels: i32, ${PRODUCT_ARGUMENTS}): void {`, '  switch (channels) {');
    for (const channels of range(CHANNELS).map((r) => r + 1))
      out.push(`    case ${channels}:`, `      product${channels}x${vectors}(${PRODUCT_VALUES});`, '      break;');
    out.push('  }', '}', '');
  }
  out.push(
    '/** The product for `bytes` bytes of contiguous columns (a multiple of 16); see conv-tiles.mjs for the steps. */',
    `export function productColumns(channels: i32, bytes: usize, ${PRODUCT_ARGUMENTS}): void {`,
    '  while (bytes >= 32) {',
    `    product2(channels, ${PRODUCT_VALUES});`,
    '    b += 32;',
    '    c += 32;',
    '    bytes -= 32;',
    '  }',
    `  if (bytes != 0) product1(channels, ${PRODUCT_VALUES});`,
    '}',
    '',
  );
  return out.join('\n');
}

/**
 * out[r][t] (+)= sum over rows, pixels and their columns of D[r][column] * X[column + t steps].
 * Pixels are `bytes` long; contiguous ones may be taken as one.
 */
function gradient(channels, taps) {
  const all = range(channels).flatMap((r) => range(taps).map((t) => [r, t]));
  const out = [];
  out.push(
    `function gradient${channels}x${taps}(d: usize, dChannel: usize, x: usize, xTap: usize, rows: i32, dRow: usize, xRow: usize, pixels: i32, dPixel: usize, xPixel: usize, bytes: usize, out: usize, outChannel: usize, fresh: bool): void {`,
  );
  for (const [r, t] of all) out.push(`  let c${r}_${t} = f32x4.splat(0);`);
  out.push('  let e: v128;');
  for (const t of range(taps)) out.push(`  let x${t}: v128;`);
  out.push(
    '  for (let y = rows; y > 0; y--) {',
    '    let dp = d;',
    '    let xp = x;',
    '    for (let p = pixels; p > 0; p--) {',
  );
  for (const r of range(channels).slice(1)) out.push(`      const d${r} = dp + ${r} * dChannel;`);
  for (const t of range(taps).slice(1)) out.push(`      const t${t} = xp + ${t} * xTap;`);
  out.push('      for (let i: usize = 0; i < bytes; i += 16) {');
  for (const t of range(taps)) out.push(`        x${t} = v128.load(${t === 0 ? 'xp' : `t${t}`} + i);`);
  for (const r of range(channels)) {
    out.push(`        e = v128.load(${r === 0 ? 'dp' : `d${r}`} + i);`);
    for (const t of range(taps)) out.push(`        c${r}_${t} = madd(e, x${t}, c${r}_${t});`);
  }
  out.push('      }', '      dp += dPixel;', '      xp += xPixel;', '    }', '    d += dRow;', '    x += xRow;', '  }');
  for (const r of range(channels)) {
    if (r > 0) out.push('  out += outChannel;');
    for (const t of range(taps))
      out.push(`  store<f32>(out, (fresh ? 0 : load<f32>(out, ${4 * t})) + total(c${r}_${t}), ${4 * t});`);
  }
  out.push('}', '');
  return out.join('\n');
}

function gradientTaps() {
  const args =
    'd: usize, dChannel: usize, x: usize, xTap: usize, rows: i32, dRow: usize, xRow: usize, pixels: i32, dPixel: usize, xPixel: usize, bytes: usize, out: usize, outChannel: usize, fresh: bool';
  const values = 'd, dChannel, x, xTap, rows, dRow, xRow, pixels, dPixel, xPixel, bytes, out, outChannel, fresh';
  const out = [];
  for (const [taps, most] of Object.entries(GRADIENT_CHANNELS)) {
    out.push(
      `/** The gradients of ${taps} adjacent taps for any number of channels. */`,
      `export function gradient${taps}(channels: i32, ${args}): void {`,
      `  while (channels > 0) {`,
      `    const some = min(channels, ${most});`,
      '    switch (some) {',
    );
    for (const channels of range(most).map((r) => r + 1))
      out.push(`      case ${channels}:`, `        gradient${channels}x${taps}(${values});`, '        break;');
    out.push(
      '    }',
      '    d += some * dChannel;',
      '    out += some * outChannel;',
      '    channels -= some;',
      '  }',
      '}',
      '',
    );
  }
  return out.join('\n');
}

/** @returns {string} AssemblyScript source of all tiles and of the functions that choose among them. */
export function convTilesSource() {
  const out = [
    '// Written by engine/kernels/cpu/conv-tiles.mjs; changes belong there.',
    "import { madd } from '../assembly/arithmetic';",
    '',
    '// @ts-ignore: decorator',
    '@inline',
    'function total(x: v128): f32 {',
    '  const pairs = f32x4.add(x, v128.shuffle<i64>(x, x, 1, 1));',
    '  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);',
    '}',
    '',
  ];
  for (const vectors of [2, 1])
    for (const channels of range(CHANNELS).map((r) => r + 1)) out.push(product(channels, vectors));
  out.push(productRow());
  for (const [taps, most] of Object.entries(GRADIENT_CHANNELS))
    for (const channels of range(most).map((r) => r + 1)) out.push(gradient(channels, Number(taps)));
  out.push(gradientTaps());
  return out.join('\n');
}
