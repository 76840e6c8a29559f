// `npm run schema`: writes the published JSON Schema of the experiment document.
import { writeFileSync } from 'node:fs';
import { schemaText } from '../../engine/spec/json-schema.ts';

writeFileSync(new URL('../../engine/spec/experiment.schema.json', import.meta.url), schemaText());
