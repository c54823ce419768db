/** What programs in the same process work with, for the module that provides it. */
import type { Provider } from '@nestjs/common';
import { Agents } from './agents.js';
import { Sessions } from './sessions.js';
import { Tasks } from './tasks.js';

export const inProcessProviders: readonly Provider[] = [Agents, Tasks, Sessions];
