// Notes, in `window.recorded`, every call that nodechat.js makes into the page, so that the snippets themselves stay as they are.
(function () {
  var Library = window.Nodechat;
  window.recorded = [];

  function recording(name, callback) {
    return function () {
      window.recorded.push({ name: name, args: JSON.parse(JSON.stringify(Array.prototype.slice.call(arguments))) });
      return callback.apply(this, arguments);
    };
  }

  window.Nodechat = function (options) {
    ['connect', 'reconnect', 'error'].forEach(function (name) {
      options[name] = recording(name, options[name]);
    });
    var nodechat = new Library(options);
    var emit = nodechat.emit;
    var on = nodechat.on;
    nodechat.emit = function (event, payload, callback) {
      return emit.call(nodechat, event, payload, recording('answer to ' + (payload.type || event), callback));
    };
    nodechat.on = function (event, callback) {
      return on.call(nodechat, event, recording('on ' + event, callback));
    };
    return nodechat;
  };
})();
