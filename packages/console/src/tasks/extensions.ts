/** The URNs under which Continuo adds to what A2A says. */
export const PROGRESS = 'urn:continuo:a2a:progress:v1';
export const SESSIONS = 'urn:continuo:a2a:sessions:v1';
export const INPUT = 'urn:continuo:a2a:input:v1';
export const ERROR = 'urn:continuo:a2a:error:v1';
export const HELD = 'urn:continuo:a2a:held:v1';
export const DELEGATION = 'urn:continuo:a2a:delegation:v1';
export const CONTENT = 'urn:continuo:a2a:content:v1';
