/** The settings of a server whose agents ask a local model that speaks OpenAI's chat completions. */
export function openAiEntries(baseUrl: string): Readonly<Record<string, string>> {
  return {
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_MODEL_BASE_URL: baseUrl,
    CONTINUO_MODEL_API_KEY: 'sk-secret',
  };
}
