// The documentation of all routes, made from the routes themselves.
import { z } from 'zod';
import { limits } from '../../shared/protocol/limits.ts';
import { problemSchema, problemTypes } from '../../shared/protocol/problem.ts';
import { headers } from '../../shared/protocol/signature.ts';
import { protocolVersion, wireSchemas } from '../../shared/protocol/version.ts';
import { json } from './reply.ts';
import { noBody, noQuery, publicRoute, type Access, type Route } from './route.ts';

/** `/openapi.json` for `routes` and for itself. */
export function openApiRoute(routes: readonly Route[]): Route {
  const route = publicRoute({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This document.',
    body: noBody,
    query: noQuery,
    answer: z.record(z.string(), z.unknown()),
    handle: async () => json(document),
  });
  const document = openApiDocument([...routes, route]);
  return route;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1. */
function openApiDocument(routes: readonly Route[]): JsonObject {
  const paths = new Map<string, Record<string, JsonObject>>();
  for (const route of routes) {
    const operations = paths.get(route.path) ?? {};
    operations[route.method.toLowerCase()] = operationOf(route);
    paths.set(route.path, operations);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fuelgauge server',
      version: String(protocolVersion),
      description:
        `Every request below /v1 says \`Fuelgauge-Protocol: ${protocolVersion}\`. Failures are problem documents ` +
        `(RFC 9457) of these types: ${Object.keys(problemTypes).join(', ')}.`,
    },
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.fromEntries(Object.entries(wireSchemas).map(([name, schema]) => [name, jsonSchema(schema)])),
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

const accessText: Readonly<Record<Access, string>> = {
  anybody: 'For everybody.',
  device: 'For every enrolled device.',
  workspace: 'For who may enter the workspace.',
  'company-admin': 'For company admins.',
};

function operationOf(route: Route): JsonObject {
  const { summary, access, signed, body, answer, contentType = 'application/json' } = route;
  const hasBody = route.method === 'POST' && !(body instanceof z.ZodUndefined);
  return {
    summary,
    description: [accessText[access], ...(signed ? [`Signed by the device: ${headers.signature}.`] : [])].join(' '),
    security: access === 'anybody' ? [] : [{ accessToken: [] }],
    parameters: parametersOf(route),
    ...(hasBody && {
      requestBody: {
        required: true,
        description: `At most ${route.bodyBytesMax ?? limits.rowBytesMax} bytes; may be compressed with br or gzip.`,
        content: { 'application/json': { schema: referenceTo(body) } },
      },
    }),
    responses: {
      200: { description: 'The answer.', content: { [contentType]: { schema: referenceTo(answer) } } },
      default: {
        description: 'Why not.',
        content: { 'application/problem+json': { schema: referenceTo(problemSchema) } },
      },
    },
  };
}

function parametersOf({ path, query, access, signed }: Route): readonly JsonObject[] {
  const text = { type: 'string' };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: text,
  }));
  const inQuery = Object.entries(query.shape).map(([name, schema]) => ({
    name,
    in: 'query',
    required: !z.safeParse(schema, undefined).success,
    schema: jsonSchema(schema),
  }));
  const inHeaders = [
    ...(path.startsWith('/v1/') ? [headers.protocol] : []),
    ...(signed && access !== 'anybody' ? [headers.signature] : []),
  ].map((name) => ({ name, in: 'header', required: true, schema: text }));
  return [...inPath, ...inQuery, ...inHeaders];
}

/** A schema that is known on the wire by name is named. */
function referenceTo(schema: z.ZodType): JsonObject {
  const known = Object.entries(wireSchemas).find(([, each]) => each === schema);
  return known ? { $ref: `#/components/schemas/${known[0]}` } : jsonSchema(schema);
}

function jsonSchema(schema: z.core.$ZodType): JsonObject {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input' });
  return described;
}
