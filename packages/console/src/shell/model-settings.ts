/** Which lines of configuration set a language model; as the server names them. */
export const providers = ['anthropic', 'google', 'openai', 'compatible', 'ollama'] as const;

export type Provider = (typeof providers)[number];

/** What has to be put in stands in angle brackets. */
export const settings: Readonly<Record<Provider, string>> = {
  anthropic: 'CONTINUO_MODEL=anthropic/<model>\nCONTINUO_MODEL_API_KEY=<key>',
  google: 'CONTINUO_MODEL=google/<model>\nCONTINUO_MODEL_API_KEY=<key>',
  openai: 'CONTINUO_MODEL=openai/<model>\nCONTINUO_MODEL_API_KEY=<key>',
  compatible:
    'CONTINUO_MODEL=openai-compatible/<model>\nCONTINUO_MODEL_BASE_URL=https://openrouter.ai/api/v1\nCONTINUO_MODEL_API_KEY=<key>',
  ollama: 'CONTINUO_MODEL=openai-compatible/<model>\nCONTINUO_MODEL_BASE_URL=http://127.0.0.1:11434/v1',
};
