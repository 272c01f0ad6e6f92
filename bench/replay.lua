-- For wrk: send the requests of a file in turn, each POST with an Idempotency-Key of its own.
-- A line is: path, Authorization, body, run; tabs between.
local requests, number = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, authorization, body, run = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = { ["Host"] = wrk.headers["Host"] }
    if authorization ~= "" then headers["Authorization"] = authorization end
    if body == "" then
      requests[#requests + 1] = wrk.format("GET", path, headers)
    else
      headers["Content-Type"] = "application/json"
      headers["Idempotency-Key"] = run .. "-@number@"
      requests[#requests + 1] = wrk.format("POST", path, headers, body)
    end
  end
end

function request()
  number = number + 1
  return (requests[number % #requests + 1]:gsub("@number@", number, 1))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"seconds": %.3f, "answered": %d, "failed": %d, "p50": %.3f, "p99": %.3f}\n',
    summary.duration / 1e6, summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
