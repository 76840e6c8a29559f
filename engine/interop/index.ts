// The public face of import and export: the only module that other folders import from here.
export { InteropError, type InteropErrorCode } from './interop-error.ts';
export { matchWeights } from './match-weights.ts';
export { CODE_LANGUAGES, modelCode, type CodeLanguage } from './model-code.ts';
export type { NamedArray, NamedArrays } from './named-arrays.ts';
export { readNpy, writeFloatNpy, writeNpy } from './npy.ts';
export { writeNpz, writeStoredNpz } from './npz.ts';
export { numpyScript } from './numpy/script.ts';
export { readOnnxWeights } from './onnx/read.ts';
export { writeOnnx } from './onnx/write.ts';
export { pytorchScript } from './pytorch/script.ts';
export { REFUSAL_CODES, type RefusalCode } from './refusals.ts';
export { namedArrays, readSafetensors, writeSafetensors, type SafetensorsFile } from './safetensors.ts';
export type { PictureArrays, ScriptFiles, ScriptInput, StoredArrays } from './script/context.ts';
export { toFloat32, type Dtype, type StoredTensor } from './stored-tensor.ts';
