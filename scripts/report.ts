// Writes each pattern's report of gotchas, handling and proofs, and the list of the local engine's limits.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitsDocument } from '../local/limits/document';
import { dataPipelineReport } from '../test/proof/data-pipeline/report';
import { eventDrivenReport } from '../test/proof/event-driven/report';
import { genAiRagReport } from '../test/proof/genai-rag/report';
import { webAppReport } from '../test/proof/web-app/report';

writeFileSync(join(__dirname, '../patterns/event-driven/GOTCHAS.md'), eventDrivenReport());
writeFileSync(join(__dirname, '../patterns/data-pipeline/GOTCHAS.md'), dataPipelineReport());
writeFileSync(join(__dirname, '../patterns/web-app/GOTCHAS.md'), webAppReport());
writeFileSync(join(__dirname, '../patterns/genai-rag/GOTCHAS.md'), genAiRagReport());
writeFileSync(join(__dirname, '../local/LIMITS.md'), limitsDocument());
