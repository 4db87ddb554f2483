-- Asks Hallpass about a request, for haproxy.cfg. Sets txn.hallpass_status to the status of its response, or to 503 if
-- there is none, and with 200 the token's ID, account and modules.
core.register_action("hallpass", { "http-req" }, function(txn, hallpass)
  local traceparent = txn.sf:req_hdr("traceparent")
  local sent = { ["x-forwarded-for"] = { txn.sf:src() }, ["user-agent"] = { txn.sf:req_hdr("User-Agent") } }
  if traceparent ~= "" then sent["traceparent"] = { traceparent } end
  -- Each of several headers, so that Hallpass denies the request.
  local authorization = txn.http:req_get_headers()["authorization"]
  if authorization then
    sent["authorization"] = {}
    for index = 0, #authorization do table.insert(sent["authorization"], authorization[index]) end
  end
  local response = core.httpclient():get({
    url = hallpass .. "/authorize/" .. txn:get_var("txn.needs"),
    headers = sent,
    -- For each of up to four attempts, in ms.
    timeout = 500,
  })
  local function header(name)
    local values = response and response.headers and response.headers[name]
    return values and values[0] or ""
  end
  local status = response and response.status or 0
  -- HAProxy's client itself answers 5xx if Hallpass does not.
  txn:set_var("txn.hallpass_status", (status >= 200 and status < 500) and status or 503)
  txn:set_var("txn.hallpass_challenge", header("www-authenticate"))
  txn:set_var("txn.hallpass_retry_after", header("retry-after"))
  if status ~= 200 then return end
  txn:set_var("txn.hallpass_token", header("hallpass-token"))
  txn:set_var("txn.hallpass_account", header("hallpass-account"))
  txn:set_var("txn.hallpass_modules", header("hallpass-modules"))
end, 1)
