using FsCheck;
using FsCheck.Fluent;
using WebhookKit.NetworkSafety;

namespace WebhookKit.Tests.NetworkSafety;

public sealed class EndpointUrlTests
{
    private static readonly NetworkPolicy Loopback = new() { AllowLoopback = true };
    private static readonly NetworkPolicy Insecure = new() { AllowInsecureEndpoints = true };

    [Theory]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("https://example.com/hooks?a=b&c=%20d", "https://example.com/hooks?a=b&c=%20d")]
    [InlineData("HTTPS://EXAMPLE.com:443/Hooks", "https://example.com/Hooks")]
    [InlineData("https://example.com./hooks", "https://example.com/hooks")]
    [InlineData("https://example.com/a/../b", "https://example.com/b")]
    [InlineData("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC")]
    [InlineData("https://8.8.8.8/hooks", "https://8.8.8.8/hooks")]
    [InlineData("https://[2606:4700::1111]/hooks", "https://[2606:4700::1111]/hooks")]
    [InlineData("https://notlocalhost.example/", "https://notlocalhost.example/")]
    [InlineData("https://internal.example/", "https://internal.example/")]
    [InlineData("https://@example.com/", "https://example.com/")]
    public void Validate_PublicUrl_ReturnsItNormalised(string url, string normalised)
    {
        var result = EndpointUrl.Validate(url, NetworkPolicy.Default);

        Assert.Equal(EndpointUrlStatus.Valid, result.Status);
        Assert.Null(result.Error);
        Assert.Equal(normalised, result.Url?.AbsoluteUri);
        Assert.Equal(result, EndpointUrl.Validate(normalised, NetworkPolicy.Default));
    }

    [Theory]
    [InlineData(null, EndpointUrlStatus.Malformed)]
    [InlineData("", EndpointUrlStatus.Malformed)]
    [InlineData("example.com/hooks", EndpointUrlStatus.Malformed)]
    [InlineData("https://", EndpointUrlStatus.Malformed)]
    [InlineData("https:example.com", EndpointUrlStatus.Malformed)]
    [InlineData("https:127.0.0.1", EndpointUrlStatus.Malformed)]
    [InlineData("https:\\\\example.com", EndpointUrlStatus.Malformed)]
    [InlineData("https://example.com\\@127.0.0.1/", EndpointUrlStatus.Malformed)]
    [InlineData(" https://example.com/", EndpointUrlStatus.Malformed)]
    [InlineData("https://example.com/\n", EndpointUrlStatus.Malformed)]
    [InlineData("https://example.com/\r\nX-Evil: 1", EndpointUrlStatus.Malformed)]
    [InlineData("https://exa\tmple.com/", EndpointUrlStatus.Malformed)]
    [InlineData("https://example.com%00.evil.example/", EndpointUrlStatus.Malformed)]
    [InlineData("https://a..example/", EndpointUrlStatus.Malformed)]
    [InlineData("https://-a.example/", EndpointUrlStatus.Malformed)]
    [InlineData("https://xn--ü.example/", EndpointUrlStatus.Malformed)]
    [InlineData("https://example.com:65536/", EndpointUrlStatus.Malformed)]
    [InlineData("https://example.com:443:80/", EndpointUrlStatus.Malformed)]
    [InlineData("http://example.com/", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("//127.0.0.1/", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("/etc/passwd", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("file:///etc/passwd", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("ftp://example.com/", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("gopher://example.com/", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("javascript:alert(1)", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("https://user:pass@example.com/", EndpointUrlStatus.UserInfoNotAllowed)]
    [InlineData("https://example.com@127.0.0.1/", EndpointUrlStatus.UserInfoNotAllowed)]
    [InlineData("https://example.com%2f@127.0.0.1/", EndpointUrlStatus.UserInfoNotAllowed)]
    [InlineData("https://example.com/#part", EndpointUrlStatus.FragmentNotAllowed)]
    [InlineData("https://example.com#@127.0.0.1/", EndpointUrlStatus.FragmentNotAllowed)]
    [InlineData("https://[fe80::1%25eth0]/", EndpointUrlStatus.ZoneNotAllowed)]
    [InlineData("https://[fe80::1%eth0]/", EndpointUrlStatus.ZoneNotAllowed)]
    [InlineData("https://[2606:4700::1111%251]/", EndpointUrlStatus.ZoneNotAllowed)]
    [InlineData("https://example.com:0/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("https://example.com:80/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("https://example.com:8443/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("https://8.8.8.8:22/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("https://localhost/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://LOCALHOST./", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://shop.localhost/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://shop.localhost./", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://printer.local/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://printer.local./", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://db.internal/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://metadata.google.internal/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://metadata.google.internal./", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://postgres/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://postgres./", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://127.0.0.1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://127.0.0.1./", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://127.1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://2130706433/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://0x7f000001/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://0x7f000001./", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://0x7f.1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://0177.0.0.1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://017700000001/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://127。0。0。1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://0/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://10.0.0.1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://169.254.169.254/latest/meta-data", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[::]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[::1]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[::127.0.0.1]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[::10.0.0.1]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[::ffff:7f00:1]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[::ffff:169.254.169.254]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[64:ff9b::a9fe:a9fe]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[2002:7f00:1::]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[fd00:ec2::254]/", EndpointUrlStatus.AddressNotAllowed)]
    public void Validate_HostileUrl_NamesTheCause(string? url, EndpointUrlStatus expected)
    {
        var result = EndpointUrl.Validate(url, NetworkPolicy.Default);

        Assert.Equal(expected, result.Status);
        Assert.Null(result.Url);
        Assert.NotNull(result.Error);
    }

    // With the ICU library the ASCII form of these is an address or localhost, without it a name that cannot exist.
    [Theory]
    [InlineData("https://①⑥⑨.②⑤④.①⑥⑨.②⑤④/")]
    [InlineData("https://１２７.０.０.１/")]
    [InlineData("https://％6cocalhost/")]
    [InlineData("https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/")]
    public void Validate_DisguisedHost_IsRefusedOrStaysAName(string url)
    {
        var result = EndpointUrl.Validate(url, NetworkPolicy.Default);

        Assert.True(!result.IsValid || result.Url!.Host.StartsWith("xn--", StringComparison.Ordinal), result.ToString());
    }

    [Fact]
    public void Validate_TooLong_SaysSo()
    {
        var longest = "https://example.com/".PadRight(EndpointUrl.MaxLength, 'a');

        Assert.True(EndpointUrl.Validate(longest, NetworkPolicy.Default).IsValid);
        Assert.Equal(EndpointUrlStatus.TooLong, EndpointUrl.Validate(longest + "a", NetworkPolicy.Default).Status);
        Assert.Equal(EndpointUrlStatus.TooLong, EndpointUrl.Validate(longest[..^1] + "ü", NetworkPolicy.Default).Status);
    }

    [Fact]
    public void Validate_HostOrLabelTooLong_IsMalformed()
    {
        var label = new string('a', 63);

        Assert.Equal(EndpointUrlStatus.Malformed, EndpointUrl.Validate($"https://{label}a.example/", NetworkPolicy.Default).Status);
        Assert.Equal(
            EndpointUrlStatus.Malformed,
            EndpointUrl.Validate($"https://{label}.{label}.{label}.{label}.example/", NetworkPolicy.Default).Status);
    }

    [Theory]
    [InlineData("https://localhost:5001/")]
    [InlineData("https://shop.localhost:5001/")]
    [InlineData("https://127.0.0.1:5001/")]
    [InlineData("https://[::1]:5001/")]
    [InlineData("https://[::ffff:127.0.0.1]:5001/")]
    public void Validate_LoopbackAllowed_AcceptsItOnAnyPort(string url) => Assert.True(EndpointUrl.Validate(url, Loopback).IsValid);

    [Theory]
    [InlineData("http://localhost:5000/", EndpointUrlStatus.SchemeNotAllowed)]
    [InlineData("https://localhost:0/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("https://127.0.0.1:0/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("https://example.com:5001/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("https://0.0.0.0/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://10.0.0.1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://192.168.1.1:5001/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://[::127.0.0.1]/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("https://postgres/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("https://printer.local/", EndpointUrlStatus.HostNameNotAllowed)]
    public void Validate_LoopbackAllowed_OpensNothingElse(string url, EndpointUrlStatus expected) =>
        Assert.Equal(expected, EndpointUrl.Validate(url, Loopback).Status);

    [Theory]
    [InlineData("http://example.com/", EndpointUrlStatus.Valid)]
    [InlineData("https://example.com:80/", EndpointUrlStatus.Valid)]
    [InlineData("http://example.com:8080/", EndpointUrlStatus.PortNotAllowed)]
    [InlineData("http://localhost/", EndpointUrlStatus.HostNameNotAllowed)]
    [InlineData("http://10.0.0.1/", EndpointUrlStatus.AddressNotAllowed)]
    [InlineData("ftp://example.com/", EndpointUrlStatus.SchemeNotAllowed)]
    public void Validate_InsecureAllowed_OpensHttpAndPort80Alone(string url, EndpointUrlStatus expected) =>
        Assert.Equal(expected, EndpointUrl.Validate(url, Insecure).Status);

    [Fact]
    public void Validate_AllowedPort_Accepts() =>
        Assert.True(EndpointUrl.Validate("https://example.com:8443/", NetworkPolicy.Default.AllowPorts(8443)).IsValid);

    [Fact]
    public void Validate_AnyText_NeverThrowsAndNeverLeavesThePolicy() =>
        Prop.ForAll<string?>(text =>
        {
            var result = EndpointUrl.Validate("https://" + text, NetworkPolicy.Default);
            return result.Status != EndpointUrlStatus.None
                && (!result.IsValid || result.Url is { Scheme: "https", Port: 443, UserInfo: "", Fragment: "" });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void EndpointUrlResult_ForgottenValue_IsNotValid()
    {
        Assert.False(default(EndpointUrlResult).IsValid);
        Assert.All(
            Enum.GetValues<EndpointUrlStatus>(),
            status => Assert.Equal(status == EndpointUrlStatus.Valid, new EndpointUrlResult(status).Error is null));
    }
}
