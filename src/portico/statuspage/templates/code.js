document.getElementById("code").value = decodeURIComponent(location.hash.slice(1));
