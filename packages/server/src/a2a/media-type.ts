/** What A2A's HTTP+JSON is sent as (section 11.1). */
export const A2A_JSON = 'application/a2a+json';
