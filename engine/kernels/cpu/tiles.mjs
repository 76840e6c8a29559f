// Writes the register tiles of the matrix product: unrolled code that AssemblyScript has no macros for.
//
// A tile computes C[r][c] (+)= sum over k of A(r, k) * B[k][c] for R rows and V vectors of 4 columns, all sums in
// registers. V8 has 15 vector registers to give (it keeps one): R*V accumulators + V loaded columns + 1 broadcast must fit,
// else a tile runs at half the speed (measured: 6x2 84 %, 4x3 56 % of what the processor can multiply and add).
// Two forms of A: `k` (a row's k are adjacent: forward, weight gradient) and `r` (rows are adjacent: input gradient).
// Every form and size does the same arithmetic per element (one multiply-add per k, in order), so the result does
// not depend on how rows and columns are cut into tiles. The order is torch's: k ascending into one accumulator, the
// bias added last (or, for a single k, fused with it).

const range = (n) => Array.from({ length: n }, (_, i) => i);

/** Tile heights per number of vectors; each list starts with a divisor of 12 and ends with 1. */
export const HEIGHTS = { 2: [6, 2, 1], 1: [12, 4, 1] };

function multiplyAdds(rows, vectors, aOffset, bOffset) {
  const lines = [];
  for (const v of range(vectors)) lines.push(`    b${v} = v128.load(b, ${bOffset + 16 * v});`);
  for (const r of range(rows)) {
    lines.push(`    a = v128.load32_splat(${aOffset(r)});`);
    for (const v of range(vectors)) lines.push(`    c${r}_${v} = madd(a, b${v}, c${r}_${v});`);
  }
  return lines;
}

function tile(form, rows, vectors) {
  const accumulators = range(rows).flatMap((r) => range(vectors).map((v) => [r, v]));
  const row = (r) => (r === 0 ? 'c' : `c + ${r} * cStride`);
  const out = [];
  out.push(
    `/** ${rows} rows, ${4 * vectors} columns. Strides in bytes. adds: onto C. bias: address of a bias per row, added last; 0 = none. */`,
  );
  out.push(
    `function ${form}${rows}x${vectors}(a0: usize, aStride: usize, b: usize, bStride: usize, c: usize, cStride: usize, depth: i32, adds: bool, bias: usize): void {`,
  );
  for (const [r, v] of accumulators) out.push(`  let c${r}_${v}: v128;`);
  out.push('  if (adds) {');
  for (const [r, v] of accumulators) out.push(`    c${r}_${v} = v128.load(${row(r)}, ${16 * v});`);
  out.push('  } else if (bias != 0 && depth == 1) {');
  for (const r of range(rows)) {
    out.push(`    c${r}_0 = v128.load32_splat(bias, ${4 * r});`);
    for (const v of range(vectors).slice(1)) out.push(`    c${r}_${v} = c${r}_0;`);
  }
  out.push('    bias = 0;', '  } else {');
  for (const [r, v] of accumulators) out.push(`    c${r}_${v} = f32x4.splat(0);`);
  out.push('  }');
  out.push('  let a: v128;');
  for (const v of range(vectors)) out.push(`  let b${v}: v128;`);
  if (form === 'k') {
    for (const r of range(rows).slice(1)) out.push(`  let a${r} = a0 + ${r} * aStride;`);
    out.push('  while (depth >= 2) {');
    for (const k of range(2)) {
      out.push(...multiplyAdds(rows, vectors, (r) => `a${r}, ${4 * k}`, 0));
      out.push('    b += bStride;');
    }
    for (const r of range(rows)) out.push(`    a${r} += 8;`);
    out.push('    depth -= 2;', '  }');
    out.push('  if (depth > 0) {');
    out.push(...multiplyAdds(rows, vectors, (r) => `a${r}`, 0));
    out.push('  }');
  } else {
    out.push('  while (depth > 0) {');
    out.push(...multiplyAdds(rows, vectors, (r) => `a0, ${4 * r}`, 0));
    out.push('    a0 += aStride;', '    b += bStride;', '    depth -= 1;', '  }');
  }
  out.push('  if (bias != 0) {');
  for (const r of range(rows)) {
    out.push(`    a = v128.load32_splat(bias, ${4 * r});`);
    for (const v of range(vectors)) out.push(`    c${r}_${v} = f32x4.add(c${r}_${v}, a);`);
  }
  out.push('  }');
  for (const [r, v] of accumulators) out.push(`  v128.store(${row(r)}, c${r}_${v}, ${16 * v});`);
  out.push('}', '');
  return out.join('\n');
}

function strip(form, vectors) {
  const step = form === 'k' ? 'aStride' : '4';
  const out = [];
  out.push(`/** All rows of a strip of ${4 * vectors} columns. */`);
  out.push(
    `function ${form}Strip${vectors}(rows: i32, a: usize, aStride: usize, b: usize, bStride: usize, c: usize, cStride: usize, depth: i32, adds: bool, bias: usize): void {`,
  );
  for (const h of HEIGHTS[vectors]) {
    out.push(`  while (rows >= ${h}) {`);
    out.push(`    ${form}${h}x${vectors}(a, aStride, b, bStride, c, cStride, depth, adds, bias);`);
    out.push(
      `    a += ${h} * ${step};`,
      `    c += ${h} * cStride;`,
      `    rows -= ${h};`,
      `    if (bias != 0) bias += ${4 * h};`,
      '  }',
    );
  }
  out.push('}', '');
  return out.join('\n');
}

function product(form) {
  const step = form === 'k' ? 'aStride' : '4';
  const name = form === 'k' ? 'multiply' : 'multiplyTransposed';
  const a = form === 'k' ? 'A[r][k], rows aStride apart' : 'A[k][r], k aStride apart';
  const deep = form === 'k' ? '<usize>some << 2' : '<usize>some * aStride';
  return `/** One stretch of the depth. Rows go in blocks of 12, so that a block of A stays in the first-level cache while B's columns pass. */
function ${name}Stretch(rows: i32, columns: i32, a: usize, aStride: usize, b: usize, bStride: usize, c: usize, cStride: usize, depth: i32, adds: bool, bias: usize): void {
  while (rows > 0) {
    const height = rows < 12 ? rows : 12;
    let left = columns;
    let bc = b;
    let cc = c;
    while (left > 0) {
      if (left >= 8) {
        ${form}Strip2(height, a, aStride, bc, bStride, cc, cStride, depth, adds, bias);
        left -= 8; bc += 32; cc += 32;
      } else {
        ${form}Strip1(height, a, aStride, bc, bStride, cc, cStride, depth, adds, bias);
        left -= 4; bc += 16; cc += 16;
      }
    }
    a += height * ${step};
    c += height * cStride;
    if (bias != 0) bias += 4 * height;
    rows -= height;
  }
}

/**
 * C[r][c] = (adds: C[r][c] +) sum over k < depth of A(r, k) * B[k][c] (+ bias[r]). ${a}. columns is a multiple of 4;
 * strides in bytes. A long depth goes in stretches of about 256, so that a stretch of 8 columns of B stays in the
 * first-level cache, too; the order of the sum is the same.
 */
export function ${name}(rows: i32, columns: i32, a: usize, aStride: usize, b: usize, bStride: usize, c: usize, cStride: usize, depth: i32, adds: bool, bias: usize): void {
  const stretches = depth <= 320 ? 1 : (depth + 255) / 256;
  for (let left = stretches; left > 0; left--) {
    // Even, because the tiles take two at a time.
    const some = left == 1 ? depth : ((depth + left - 1) / left + 1) & ~1;
    ${name}Stretch(rows, columns, a, aStride, b, bStride, c, cStride, some, adds, left == 1 ? bias : 0);
    adds = true;
    depth -= some;
    a += ${deep};
    b += some * bStride;
  }
}
`;
}

/**
 * One output row as torch computes it: 16 partial sums over k, folded by halves, the last k % 16 folded the same way.
 * Four examples per vector.
 */
function dotProduct() {
  const lanes = range(16);
  const fold = (name) =>
    [8, 4, 2, 1].flatMap((h) => range(h).map((l) => `    ${name}${l} = f32x4.add(${name}${l}, ${name}${l + h});`));
  const out = [];
  out.push('/** y[c] = sum over k < depth of w[k] * x[k][c], for the four examples at x. depth is at least 2. */');
  out.push('export function dotFour(w: usize, x: usize, stride: usize, depth: i32): v128 {');
  out.push('  const zero = f32x4.splat(0);');
  out.push('  let s0 = f32x4.mul(v128.load32_splat(w), v128.load(x));');
  for (const l of lanes.slice(1)) out.push(`  let s${l} = zero;`);
  out.push('  w += 4;', '  x += stride;', '  depth -= 1;');
  out.push('  for (; depth >= 16; depth -= 16) {');
  for (const l of lanes) {
    out.push(`    s${l} = madd(v128.load(x), v128.load32_splat(w, ${4 * l}), s${l});`, '    x += stride;');
  }
  out.push('    w += 64;', '  }');
  out.push(...fold('s'));
  out.push('  if (depth > 0) {');
  for (const l of lanes.slice(1)) out.push(`    s${l} = zero;`);
  for (const l of lanes) {
    out.push(
      `    if (depth > ${l}) s${l} = madd(v128.load(x + ${l} * stride), v128.load32_splat(w, ${4 * l}), s${l});`,
    );
  }
  out.push(...fold('s'));
  out.push('  }', '  return s0;', '}', '');
  return out.join('\n');
}

/** @returns {string} AssemblyScript source of all tiles and of the two matrix products built on them. */
export function tilesSource() {
  const out = [
    '// Written by engine/kernels/cpu/tiles.mjs; changes belong there.',
    "import { madd } from '../assembly/arithmetic';",
    '',
  ];
  for (const form of ['k', 'r']) {
    for (const vectors of [2, 1]) {
      for (const height of HEIGHTS[vectors]) out.push(tile(form, height, vectors));
      out.push(strip(form, vectors));
    }
    out.push(product(form));
  }
  out.push(dotProduct());
  return out.join('\n');
}
