/** `/openapi.json`: the description of the HTTP API, for programs that make clients of it. */
import { Controller, Get } from '@nestjs/common';
import { openApiDocument } from './document.js';

@Controller('openapi.json')
export class OpenApiController {
  @Get()
  read(): Readonly<Record<string, unknown>> {
    return openApiDocument();
  }
}
