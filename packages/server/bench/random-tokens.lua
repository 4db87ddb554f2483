-- wrk's side of wrk.mjs: each request presents one of the tokens in a file, drawn at random.
local values, method, body, contentType, authorization = {}, "GET", nil, nil, ""

function init(args)
  for line in io.lines(args[1]) do values[#values + 1] = line end
  if args[2] then
    method = "POST"
    local file = io.open(args[2])
    contentType = file:read("*l")
    authorization = file:read("*l")
    body = file:read("*a")
    file:close()
  end
  math.randomseed(os.time())
end

function request()
  local value = values[math.random(#values)]
  local headers = { Authorization = "Bearer " .. (authorization == "" and value or authorization) }
  if body then headers["Content-Type"] = contentType end
  return wrk.format(method, nil, headers, body and body:gsub("{token}", value))
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"p999":%f,"failed":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency:percentile(99.9) / 1e3, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
