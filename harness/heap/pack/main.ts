import { answerParent } from '../ask-process.js';
import { type PackRequest, packFile } from './pack-file.js';

/** The process that packs a snapshot: it may have to read all of it. */
answerParent((request: PackRequest) => packFile(request));
