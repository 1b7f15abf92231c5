# syntax=docker/dockerfile:1
# One image for workers, decision services and jobs. Compiled sources and the workflow bundle are built into the image.
FROM node:24.11.1-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY deploy/prune-packages.sh deploy/
RUN npm ci --omit=dev --no-audit --no-fund \
  && sh deploy/prune-packages.sh node_modules \
  && npm cache clean --force

FROM packages AS build
COPY . .
RUN npm run --silent build:workflows

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production \
  SLIPWAY_HOME=/var/lib/slipway \
  SLIPWAY_WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js
WORKDIR /app
# Owned by root, so that a process cannot change its own code.
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY . .
# Memory that jobs mount there belongs to root and gets the mode of this folder, so that all may write.
RUN ln -s /app/bin/slipway.js /usr/local/bin/slipway \
  && mkdir /var/lib/slipway \
  && chown node:node /var/lib/slipway \
  && chmod 1777 /var/lib/slipway
USER node
# A worker stops its trainers, a service writes its pending decisions; both need some seconds.
STOPSIGNAL SIGTERM
CMD ["node", "bin/run.js", "workers/main.ts"]
