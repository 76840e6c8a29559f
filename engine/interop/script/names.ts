// What the layers of a model are called in Python: their own names where these can be, else the nearest ones that can.
import type { ModelSpec } from '../../spec/index.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Keywords of Python, and what a module of torch is or does already. */
const TAKEN: ReadonlySet<string> = new Set([
  ...words(`False None True and as assert async await break class continue def del elif else except finally for from global if
    import in is lambda nonlocal not or pass raise return try while with yield match case`),
  ...words(`T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extend extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half insert ipu load_state_dict
    modules mtia named_buffers named_children named_modules named_parameters parameters pop register_backward_hook
    register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
    register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule
    share_memory state_dict to to_empty train training type xpu zero_grad keys values items`),
  // What the scripts themselves use.
  ...words(`argparse io json math tarfile np torch nn F net x y self args inputs step loss print len range sum zip open sqrt
    lr rng words draw uniform normal bernoulli sigmoid predict evaluate report parameters gradients batches order`),
]);

const LONGEST = 40;

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]*$/;

function nearest(name: string): string {
  if (IDENTIFIER.test(name)) return TAKEN.has(name) ? `${name}_layer` : name;
  const letters = name.normalize('NFKD').replace(/[^A-Za-z0-9]+/g, '_');
  const ascii = letters.replace(/^_+|_+$/g, '').slice(0, LONGEST);
  if (ascii === '') return 'layer';
  return /^\d/.test(ascii) || TAKEN.has(ascii) ? `layer_${ascii}` : ascii;
}

/**
 * A Python identifier for each layer, all different; a layer's own name when it is one.
 * @param clashes names that the script gives to something else (NumPy scripts: `fc1_weight`).
 * @returns in the order of the model.
 */
export function pythonNames(model: ModelSpec, clashes: (name: string) => boolean = () => false): readonly string[] {
  const given = new Set(model.layers.map((layer) => layer.name));
  const used = new Set<string>();
  return model.layers.map(({ name }) => {
    const near = nearest(name);
    const base = clashes(near) ? `${near}_layer` : near;
    let candidate = base;
    // A name that had to be changed keeps clear of every name that did not.
    for (let i = 2; used.has(candidate) || (candidate !== name && given.has(candidate)); i++)
      candidate = `${base}_${i}`;
    used.add(candidate);
    return candidate;
  });
}
