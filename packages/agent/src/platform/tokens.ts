/** What Nest injects that is no class. */

export const CONFIG = Symbol('continuo:config');
export const LOG = Symbol('continuo:log');
export const CLOCK = Symbol('continuo:clock');
