// The pieces of code that the start page offers, with this server's own address in them.

export function snippets(origin: string): Record<'connect' | 'token' | 'company' | 'key', string> {
  return {
    connect: `<script src="${origin}/sdk/v1/nodechat.js"></script>
<script>
fetch('${origin}/onlinechat/api/visitor', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ companyid: 'demo' })
}).then(function (answer) {
  return answer.json();
}).then(function (visitor) {
  var nodechat = new Nodechat({
    server: '${origin}/',
    path: '',
    atype: 'uweb',
    ticket: visitor.ticket,
    connect: function (err) {
      if (err) return console.error(err.errmsg);
      nodechat.emit('join', { shopid: 'demo' }, function (err, datas) {
        if (err) return console.error(err.errmsg);
        nodechat.emit('chat', {
          roomid: datas.roomid, type: 'text', msg: 'Hello'
        }, function (err) {});
      });
    }
  });
  nodechat.on('chat', function (datas) {
    console.log(datas.data.nick, datas.data.msg);
  });
});
</script>`,
    token: `# your server, with its key
curl ${origin}/onlinechat/api/token \\
  -H "Authorization: Bearer $NODECHAT_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '{"type": "user", "aid": "u20417", "nick": "Lin"}'
# {"errcode": 0, "token": "…", "expires_in": 300}

# your page, once, within five minutes
curl "${origin}/onlinechat/api/ticket?token=$TOKEN"
# {"errcode": 0, "ticket": "…", "data": {"aid": "u20417", …}}`,
    company: `nodechat company create --data-dir ./data --id c1 --name 'Shop One'`,
    key: `nodechat apikey create --data-dir ./data --company c1`,
  };
}
