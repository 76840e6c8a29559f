// PyTorch's random numbers out of NumPy's Mersenne Twister, as the few functions that a script needs: NumPy's RandomState(seed)
// has the same state as torch.manual_seed(seed), so its 32-bit words are torch's.
import type { Part } from '../script/text.ts';

export type Draw = 'uniform' | 'bernoulli' | 'order' | 'linear';

const lines = (text: string): readonly string[] => text.trim().split('\n');

const WORDS: Part = {
  imports: ['numpy'],
  lines: lines(`
def draw(count):
    """The next words of the stream, 32 bits each."""
    return stream.randint(0, 2**32, size=count, dtype=np.uint32).astype(np.int64)`),
};

/** Each function and what it calls; the first torch function named is the one it repeats. */
const FUNCTIONS: Readonly<Record<Draw, Part>> = {
  uniform: {
    imports: ['math', 'numpy'],
    lines: lines(`
def uniform(shape, low, high):
    """torch's uniform_: one word per number, its low 24 bits, rounded to float32 as torch's weights are."""
    share = (draw(math.prod(shape)) & 0xFFFFFF) / 2**24
    return f32(low + (high - low) * share).reshape(shape)`),
  },
  linear: {
    imports: ['math'],
    lines: lines(`
def linear(inputs, outputs):
    """The first weights and biases of torch's nn.Linear: uniform between ±1/√inputs."""
    bound = 1 / math.sqrt(inputs)
    return uniform((outputs, inputs), -bound, bound), uniform((outputs,), -bound, bound)`),
  },
  bernoulli: {
    imports: ['math', 'numpy'],
    lines: lines(`
def bernoulli(shape, p):
    """torch's bernoulli_: 1 with probability p; 53 bits of two words per number."""
    high, low = draw(2 * math.prod(shape)).reshape(-1, 2).T
    share = (((high & 0x1FFFFF) << 32) | low) / 2**53
    return (share < p).reshape(shape).astype(np.float64)`),
  },
  order: {
    imports: ['numpy'],
    lines: lines(`
def shuffled(rows):
    """An epoch's order as torch's DataLoader makes it: two seeds, the second one for a twister of its own."""
    own = np.random.RandomState(draw(4)[3])
    order = np.arange(rows)
    for i in range(rows - 1):
        j = i + own.randint(0, 2**32, dtype=np.uint32) % (rows - i)
        order[[i, j]] = order[[j, i]]
    return order`),
  },
};

const NEEDS: Readonly<Record<Draw, readonly Draw[]>> = {
  uniform: [],
  linear: ['uniform'],
  bernoulli: [],
  order: [],
};
/** In the order in which they are written. */
const ALL: readonly Draw[] = ['uniform', 'linear', 'bernoulli', 'order'];

/** Fewer numbers than this are drawn in pairs, more in blocks. */
const BLOCK = 16;

const PAIRS = lines(`
waiting = []  # the second number of a pair, until it is asked for


def normal_one():
    """A normal number of a pair, made from 53 bits of two words each."""
    if waiting:
        return waiting.pop()
    words = draw(4)
    first, second = (((words[::2] & 0x1FFFFF) << 32) | words[1::2]) / 2**53
    radius, angle = np.sqrt(-2 * np.log1p(-second)), 2 * np.pi * first
    waiting.append(radius * np.sin(angle))
    return radius * np.cos(angle)`);

const BOX_MULLER = lines(`
def box_muller(uniforms):
    """16 normal numbers from 16 uniform ones: eight cosines, then eight sines."""
    radius, angle = np.sqrt(-2 * np.log(1 - uniforms[:8])), 2 * np.pi * uniforms[8:]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])`);

const BLOCKS = `
    numbers = (draw(count) & 0xFFFFFF) / 2**24
    for start in range(0, count - 15, 16):
        numbers[start : start + 16] = box_muller(numbers[start : start + 16])
    if count % 16 != 0:  # then the last 16 are drawn again
        numbers[-16:] = box_muller((draw(16) & 0xFFFFFF) / 2**24)
    return numbers`
  .slice(1)
  .split('\n');

/** torch's normal_ has one way for fewer than 16 numbers and another for more; a script gets those that it needs. */
function normalFunctions(pairs: boolean, blocks: boolean): Part {
  const one = '[normal_one() for _ in range(count)]';
  const body = !blocks
    ? [`    return np.array(${one})`]
    : [...(pairs ? ['    if count < 16:', `        return np.array(${one})`] : []), ...BLOCKS];
  return {
    imports: ['numpy'],
    lines: [
      ...(pairs ? [...PAIRS, ''] : []),
      ...(blocks ? [...BOX_MULLER, ''] : []),
      'def normal(count):',
      '    """torch\'s normal_, with mean 0 and standard deviation 1."""',
      ...body,
    ],
  };
}

/** Gathers the functions that a script calls. */
export class Draws {
  readonly #used = new Set<Draw>();
  #pairs = false;
  #blocks = false;

  use(draw: Draw): void {
    this.#used.add(draw);
    for (const other of NEEDS[draw]) this.use(other);
  }

  /** The script calls `normal(count)`. */
  useNormal(count: number): void {
    if (count < BLOCK) this.#pairs = true;
    else this.#blocks = true;
  }

  /** @param seed torch uses its low 32 bits. */
  part(seed: number): Part {
    const functions = ALL.filter((x) => this.#used.has(x)).map((x) => FUNCTIONS[x]);
    const normal = this.#pairs || this.#blocks ? [normalFunctions(this.#pairs, this.#blocks)] : [];
    const parts = [WORDS, ...functions, ...normal];
    return {
      imports: ['numpy', ...parts.flatMap((x) => x.imports)],
      lines: [
        '# NumPy and PyTorch have the same Mersenne Twister: the same seed gives the same words.',
        `stream = np.random.RandomState(${BigInt.asUintN(32, BigInt(seed))})`,
        '',
        ...parts.flatMap((x) => [...x.lines, '']),
      ],
    };
  }
}
