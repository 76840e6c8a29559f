// The public face of the specification: the only module that other folders import from here.
export * from './data.ts';
export * from './experiment.ts';
export * from './model.ts';
export * from './parse.ts';
export * from './problem.ts';
export * from './recipe.ts';
export * from './resolve.ts';
export * from './run.ts';
export * from './shapes.ts';
export * from './step-columns.ts';
export * from './validate.ts';
