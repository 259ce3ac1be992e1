/** The public names of fairlead, and nothing else. */

// Balancing
export type { Algorithm, Candidate, Picker } from './balance/algorithm.js'
export { first } from './balance/first.js'
export { hash } from './balance/hash.js'
export type { HashAffinity, HashOptions } from './balance/hash-type.js'
export { headerHash } from './balance/header-hash.js'
export { leastConn } from './balance/least-conn.js'
export { random } from './balance/random.js'
export { rdpCookie } from './balance/rdp-cookie.js'
export { roundRobin } from './balance/round-robin.js'
export { source } from './balance/source.js'
export { staticRoundRobin } from './balance/static-round-robin.js'
export { uri } from './balance/uri.js'
export { urlParam as urlParamHash } from './balance/url-param.js'
// What people wire
export { Balancer, type BalancerStats } from './balancer.js'
// Values and inputs
export type { Clock, Timer } from './base/clock.js'
export { OptionError, type Outcome, TransactionError } from './base/errors.js'
export { Ip } from './base/ip.js'
export type { Random } from './base/random.js'
export type {
  BalancerEvents,
  BalancerOptions,
  CheckSpread,
  StartOptions,
  StopOptions,
} from './engine/balancer-options.js'
export { DescriptorEvents, eventsOn } from './engine/descriptor-events.js'
// What happened
export type { CheckReport, HealthChange } from './engine/engine.js'
export type { Averages, BackendStats, FrontendStats, ListenerStats, ServerStats } from './engine/figures.js'
export type { Listening, Network, Socket, Target } from './engine/network.js'
export type { PeerNews } from './engine/peers/peer-groups.js'
export { Ring, type RingOptions, type RingServer } from './engine/ring.js'
export type { BackendSnapshot, ServerSnapshot, Snapshot } from './engine/snapshot.js'
export { type SyslogOptions, stdoutLog, syslog } from './engine/syslog.js'
export type { SharedNews } from './engine/table-sharing.js'
// Questions
export { Acl } from './match/acl.js'
export type { AddressSample } from './match/address-sample.js'
export type { BytesSample } from './match/bytes-sample.js'
export type { CaptureLayout, CaptureSlot } from './match/captures.js'
export { all, any, Condition, not, type Sighting } from './match/condition.js'
export { Context, type SessionView } from './match/context.js'
export type { EventSink, SeenValue } from './match/event-sink.js'
export { authBearer, authenticated, authGroup, authPassword, authType, authUser } from './match/fetches/auth.js'
export {
  bodyParam,
  requestBody,
  requestBodyLength,
  requestBodySize,
  responseBody,
  responseBodyLength,
  responseBodySize,
} from './match/fetches/body.js'
export { requestCapture, responseCapture } from './match/fetches/captures.js'
export { rand, uuid } from './match/fetches/chance.js'
export {
  connectionDst,
  connectionDstIsLocal,
  connectionDstPort,
  connectionSrc,
  connectionSrcIsLocal,
  connectionSrcPort,
  dst,
  dstIsLocal,
  dstPort,
  frontendName,
  listenerConnections,
  listenerId,
  listenerName,
  overTls,
  src,
  srcIsLocal,
  srcPort,
} from './match/fetches/connection.js'
export { alwaysFalse, alwaysTrue } from './match/fetches/constant.js'
export {
  type ContentPhase,
  inputLength,
  isHttp,
  type LengthValueOptions,
  payload,
  payloadByLength,
  responseInputLength,
  responsePayload,
  responsePayloadByLength,
  waitEnd,
} from './match/fetches/content.js'
export {
  cookie,
  cookieCount,
  cookieNames,
  responseCookie,
  responseCookieCount,
  responseCookieNames,
} from './match/fetches/cookie.js'
export { sample } from './match/fetches/custom.js'
export {
  firstRequest,
  lastEntity,
  lastRuleFile,
  lastRuleLine,
  priorityClass,
  priorityOffset,
} from './match/fetches/decision.js'
export { distccBody, distccParam } from './match/fetches/distcc.js'
export {
  fullHeader,
  fullHeaderCount,
  fullResponseHeader,
  fullResponseHeaderCount,
  type HeaderOptions,
  header,
  headerCount,
  responseHeader,
  responseHeaderCount,
} from './match/fetches/header.js'
export {
  headerBytes,
  headerLines,
  headerNames,
  responseHeaderBytes,
  responseHeaderLines,
  responseHeaderNames,
} from './match/fetches/header-list.js'
export { headerAddress, responseHeaderAddress } from './match/fetches/header-words.js'
export {
  base,
  baseq,
  host,
  method,
  path,
  pathq,
  query,
  queryWithMark,
  requestVersion,
  responseVersion,
  status,
  url,
} from './match/fetches/message.js'
export { activeConnections, env, hostname, pid, stopping, uptime } from './match/fetches/process.js'
export { rdpCookieCount, rdpCookieValue } from './match/fetches/rdp.js'
export { type DateOptions, type DateUnit, date, dateUs } from './match/fetches/time.js'
export { uniqueId } from './match/fetches/unique-id.js'
export {
  type UpstreamPhase,
  upstreamDst,
  upstreamDstPort,
  upstreamSrc,
  upstreamSrcPort,
} from './match/fetches/upstream.js'
export { base32, base32Src, url32, url32Src, urlIp, urlPort } from './match/fetches/url.js'
export { type UrlParamOptions, urlParam } from './match/fetches/url-param.js'
export { type VariableOptions, type VariableTypes, variable } from './match/fetches/variable.js'
export type { FlagSample } from './match/flag-sample.js'
export { Format, format } from './match/format.js'
export { NameServer, type NameServerFigures, type NameServerOptions } from './match/name-server.js'
export type { NumberSample } from './match/number-sample.js'
export type { TransformMaker } from './match/orders.js'
export { PasswordError } from './match/password.js'
export { map, patterns } from './match/patterns/open.js'
export {
  type LookupOptions,
  type LookupSample,
  type MapMethod,
  type MapOutput,
  type MapValue,
  PatternMap,
} from './match/patterns/pattern-map.js'
export { type PatternOptions, PatternSet } from './match/patterns/pattern-set.js'
export type { Phase } from './match/phase.js'
export { type HoldOptions, type HoldStatus, Resolvers, type ResolversOptions } from './match/resolvers.js'
export { Sample } from './match/sample.js'
export type { TextSample } from './match/text-sample.js'
export type { TypedSample } from './match/typed-sample.js'
export { UserList, type UserOptions, type Users } from './match/user-list.js'
export type { Value } from './match/value.js'
export { FieldError, Headers } from './message/headers.js'
export type { NormalizerOption } from './message/normalizer.js'
export { Request } from './message/request.js'
export { Response } from './message/response.js'
export type { Counters } from './observe/counters.js'
export { clfLog, logFormat } from './observe/custom-log.js'
export { answeredVersion, sentMethod, sentTarget, sentVersion } from './observe/fetches/request-line.js'
export {
  acceptDate,
  activeTime,
  backendQueuePlace,
  bytesIn,
  bytesOut,
  connectionRetries,
  connectionReused,
  connectTime,
  handshakeTime,
  idleTime,
  queueTime,
  requestDate,
  requestHeadTime,
  requestWholeTime,
  responseDataTime,
  responseTime,
  serverQueuePlace,
  serverStatus,
  terminationState,
  totalTime,
  transactionNumber,
  transactionStatus,
  userFeltTime,
  wasRedispatched,
} from './observe/fetches/transaction.js'
export { jsonLog } from './observe/json-log.js'
export { connectionLog, httpLog, type LogFormat, type LogFormatOptions, modeLog, tcpLog } from './observe/log-format.js'
export { LogProfile } from './observe/log-profile.js'
export { type LogVariableOptions, logVariable } from './observe/log-variables.js'
export type { Logger, LogStep } from './observe/logger.js'
export type { Timers, TransactionRecord } from './observe/record.js'
export { Backend } from './proxy/backend.js'
export type { BackendOptions, Reuse } from './proxy/backend-options.js'
export type { BindList, BindOptions } from './proxy/bind.js'
export type { BytesJudge, Finding } from './proxy/checks/bytes-judge.js'
export type { CheckCall, CheckFinding, CheckFunction, CheckPlace } from './proxy/checks/custom-check.js'
export { type ExpectOptions, expect } from './proxy/checks/expect.js'
export type { ExternalOptions } from './proxy/checks/external-check.js'
export type { CheckMatch, FieldExpectation } from './proxy/checks/field-expectation.js'
export { ldapCheck } from './proxy/checks/ldap-check.js'
export { type MysqlCheckOptions, mysqlCheck } from './proxy/checks/mysql-check.js'
export { type PgsqlCheckOptions, pgsqlCheck } from './proxy/checks/pgsql-check.js'
export { redisCheck } from './proxy/checks/redis-check.js'
export { type SmtpCheckOptions, smtpCheck } from './proxy/checks/smtp-check.js'
export { spopCheck } from './proxy/checks/spop-check.js'
export { sslHelloCheck } from './proxy/checks/ssl-hello-check.js'
export type { CheckStatus, ErrorStatus, OkStatus, TimeoutStatus } from './proxy/checks/status.js'
export type { CheckText } from './proxy/checks/step.js'
export {
  type CheckRequestOptions,
  type ConnectOptions,
  comment,
  connect,
  type SendOptions,
  send,
  sendBinary,
  sendRequest,
} from './proxy/checks/steps.js'
export type { Decision, RouteOptions, Sightings } from './proxy/decision.js'
export {
  type DiscoveredServer,
  Discovery,
  type DiscoveryCall,
  type DiscoverySource,
  discover,
} from './proxy/discovery.js'
export { type ExplainOptions, explain } from './proxy/explain.js'
export {
  type ExplainedAnswer,
  type ExplainedChange,
  type ExplainedRequest,
  type ExplainedServer,
  type ExplainedSighting,
  type ExplainedStep,
  type ExplainedVerdict,
  Explanation,
  type ExplanationData,
} from './proxy/explanation.js'
export {
  averageQueue,
  backendConnections,
  backendConnectTimeout,
  backendFree,
  backendId,
  backendName,
  backendQueue,
  backendQueueTimeout,
  backendRetries,
  backendServerTimeout,
  backendSessionRate,
  backendSlots,
  backendTarpitTimeout,
  backendTunnelTimeout,
  connectTimeout,
  queueTimeout,
  retries,
  serverTimeout,
  tarpitTimeout,
  tunnelTimeout,
  usableServers,
} from './proxy/fetches/backend.js'
export {
  alpn,
  helloCiphers,
  helloCurves,
  helloGroups,
  helloKeyShares,
  helloSignatures,
  helloTicket,
  helloType,
  helloVersion,
  sni,
} from './proxy/fetches/client-hello.js'
export {
  clientTimeout,
  frontendClientTimeout,
  frontendConnections,
  frontendDefaultBackend,
  frontendId,
  frontendRequestRate,
  frontendSessionRate,
  frontendTarpitTimeout,
} from './proxy/fetches/frontend.js'
export {
  serverConnections,
  serverFree,
  serverId,
  serverInitialWeight,
  serverIsUp,
  serverName,
  serverQueue,
  serverSessionRate,
  serverWeight,
} from './proxy/fetches/server.js'
export { responseHelloType } from './proxy/fetches/server-hello.js'
export type { ForwardForOptions } from './proxy/forward-for.js'
export type { ForwardedOptions } from './proxy/forwarded.js'
export { Frontend, type FrontendAddress, type FrontendOptions } from './proxy/frontend.js'
export type { HeaderNames } from './proxy/header-names.js'
export {
  type CheckTiming,
  type Expectation,
  HealthCheck,
  type HttpCheckOptions,
  type SequenceCheckOptions,
  type Step,
} from './proxy/health-check.js'
export type { Inquiry } from './proxy/inquiry.js'
export type { LeaveOptions, Leaving } from './proxy/leaving.js'
export type { ConnectionMode, Mode } from './proxy/mode.js'
export type { MonitorOptions } from './proxy/monitor-uri.js'
export type { Naming, NamingOptions } from './proxy/naming.js'
export type { OriginalToOptions } from './proxy/original-to.js'
export type { OutlierOptions } from './proxy/outliers.js'
export {
  type Peer,
  type PeerOptions,
  Peers,
  type PeersOptions,
  type PeerTable,
  type SharedStickTable,
} from './proxy/peers.js'
export type { PeerStanding, PeerStatus, PeersStanding, PeerTableStanding } from './proxy/peers-standing.js'
export type { CookieMode, PersistCookieOptions } from './proxy/persistence/cookie-options.js'
export type { Keeper, PersistedBy, PersistenceMethod, PersistentPool } from './proxy/persistence/method.js'
export type { PersistenceOptions } from './proxy/persistence/options.js'
export { persistCookie } from './proxy/persistence/persist-cookie.js'
export { persistRdpCookie } from './proxy/persistence/persist-rdp-cookie.js'
export type { Persisted } from './proxy/persistence/persisted.js'
export {
  Stick,
  type StickKind,
  stickMatch,
  stickOn,
  stickStoreRequest,
  stickStoreResponse,
} from './proxy/persistence/stick.js'
export {
  type Backoff,
  type RetryBudgetOptions,
  type RetryCause,
  type RetryOptions,
  type RetryStatus,
  retryStatuses,
} from './proxy/retry-policy.js'
export { Route, useBackend } from './proxy/route.js'
export { type Observed, Server } from './proxy/server.js'
export type { AgentOptions, InitState, OnError, ServerOptions } from './proxy/server-options.js'
export { ServerRoute, useServer } from './proxy/server-route.js'
export type { AdminState, ObservedState } from './proxy/server-state.js'
export { serverTemplate } from './proxy/server-template.js'
export type { ClientTimeouts, ServerTimeouts } from './proxy/timeouts.js'
// Answers
export { accept, allow, close, reject } from './rules/actions/accept.js'
export type { AnswerOptions } from './rules/actions/answer.js'
export { auth } from './rules/actions/auth.js'
export { type CapturePhase, capture } from './rules/actions/capture.js'
export {
  addAcl,
  delAcl,
  delMap,
  type PatternPhase,
  type PatternTarget,
  setMap,
} from './rules/actions/change-patterns.js'
export { type ClientRulePhase, type CountOptions, count, type MarkOptions, mark } from './rules/actions/count.js'
export { rule } from './rules/actions/custom.js'
export { deny } from './rules/actions/deny.js'
export { type DoLogOptions, doLog } from './rules/actions/do-log.js'
export { doResolve } from './rules/actions/do-resolve.js'
export { earlyHint } from './rules/actions/early-hint.js'
export { addHeaders, delHeaders, setHeaders } from './rules/actions/headers-from-bytes.js'
export { type NormalizerName, normalizeUri } from './rules/actions/normalize-uri.js'
export type { Numeric } from './rules/actions/number.js'
export {
  disableL7Retry,
  type LogLevel,
  setLogLevel,
  setPriorityClass,
  setPriorityOffset,
  setRetries,
} from './rules/actions/orders.js'
export { pause } from './rules/actions/pause.js'
export { redirect } from './rules/actions/redirect.js'
export {
  type Pattern,
  replaceHeader,
  replacePath,
  replacePathq,
  replaceUri,
  replaceValue,
} from './rules/actions/replace.js'
export { respond } from './rules/actions/respond.js'
export { setDst, setDstPort, setSrc, setSrcPort } from './rules/actions/set-address.js'
export { type SetBandwidthLimitOptions, setBandwidthLimit } from './rules/actions/set-bandwidth-limit.js'
export { addHeader, delHeader, type NameMatch, setHeader } from './rules/actions/set-header.js'
export { setStatus } from './rules/actions/set-status.js'
export { setMethod, setPath, setPathq, setQuery, setUri } from './rules/actions/set-target.js'
export { setTimeouts, type TimeOf, type TimeoutsToSet } from './rules/actions/set-timeouts.js'
export { type SetVarOptions, setVar, unsetVar, type VariableCondition } from './rules/actions/set-variable.js'
export { silentDrop } from './rules/actions/silent-drop.js'
export { strictMode } from './rules/actions/strict-mode.js'
export { tarpit } from './rules/actions/tarpit.js'
export { track } from './rules/actions/track.js'
export { transformRequestBody, transformResponseBody } from './rules/actions/transform-body.js'
export { Service, type ServiceOptions, service, useService } from './rules/actions/use-service.js'
export { type WaitForBodyOptions, waitForBody } from './rules/actions/wait-for-body.js'
export { BandwidthLimit, type BandwidthLimitOptions } from './rules/bandwidth-limit.js'
export { ErrorPages, type Pages } from './rules/error-pages.js'
export { errorFile, errorLocation, errorReply, Page } from './rules/page.js'
export type { ReplyOptions } from './rules/reply.js'
export { Rule, type RuleSighting } from './rules/rule.js'
export { RuleError } from './rules/rule-error.js'
export type { Respond, Verdict } from './rules/verdict.js'
// Memory
export {
  type CountedOf,
  concurrent,
  counter,
  type Field,
  type FieldOptions,
  general,
  generalRate,
  rate,
  storedServerId,
  storedServerKey,
  tag,
  tags,
} from './table/field.js'
export type { KeyType, TableKey } from './table/key.js'
export type { SharedStanding } from './table/shared-counts.js'
export {
  type SharedHearing,
  type SharedItem,
  type SharedNodeNews,
  type SharedPlace,
  SharedRefusal,
  type SharedSeat,
  type SharedStore,
  type SharedTelling,
} from './table/shared-store.js'
export { type AnyStickTable, StickTable, type StickTableOptions, type TableRecord } from './table/stick-table.js'
