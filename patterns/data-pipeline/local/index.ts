import type { LocalPattern } from '../../../local/cli/local-pattern';
import { DATA_PIPELINE_DEMO } from './demo';
import { dataPipelineExamples, watchDataPipeline } from './examples';
import { dataPipelineTarget } from './fuzz';

/** The data pipeline as it runs locally. */
export const local: LocalPattern = {
  demo: DATA_PIPELINE_DEMO,
  start: { examples: dataPipelineExamples, watch: watchDataPipeline },
  fuzz: dataPipelineTarget,
};
