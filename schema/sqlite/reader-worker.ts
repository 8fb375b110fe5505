/** A reader's thread. */
import { workerData } from 'node:worker_threads'
import { serve } from '../runtime/threads.js'
import { readerCalls, type ServedReader } from './reader-calls.js'

const { path, named } = workerData as { path: string; named?: number }
serve<ServedReader>(readerCalls(path, named))
