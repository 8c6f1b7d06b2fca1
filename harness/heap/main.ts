import { answerParent } from './ask-process.js';
import { type AnalysisRequest, analyseFiles } from './growth/analyse-files.js';

/** The process of an analysis: what it took for large snapshots goes back to the system when it ends. */
answerParent((request: AnalysisRequest) => analyseFiles(request));
