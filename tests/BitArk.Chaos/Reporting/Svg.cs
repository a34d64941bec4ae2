using System.Globalization;
using System.Net;
using System.Text;

namespace BitArk.Chaos.Reporting;

/// <summary>Writes a picture in SVG: rectangles, lines, paths and text, in the order in which they lie over each other.</summary>
internal sealed class Svg(int width, int height)
{
    private readonly StringBuilder _body = new();

    /// <summary>A filled rectangle; what it is, for whoever points at it.</summary>
    public void Rectangle(double x, double y, double wide, double high, string fill, double opacity = 1, string? title = null) =>
        Add($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(wide, 0):0.##}\" height=\"{high:0.##}\" fill=\"{fill}\" fill-opacity=\"{opacity:0.##}\"", "rect", title);

    /// <summary>A line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string stroke, double wide = 1) =>
        Add($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{stroke}\" stroke-width=\"{wide:0.##}\"", "line", null);

    /// <summary>A line through points, in pieces where one of them is null; or, with a floor, the area between.</summary>
    public void Path(IEnumerable<(double X, double Y)?> points, string color, double? floor = null)
    {
        var path = new StringBuilder();
        List<(double X, double Y)> piece = [];
        foreach ((double X, double Y)? point in points.Append(null))
        {
            if (point is { } known)
            {
                piece.Add(known);
                continue;
            }

            if (piece.Count > 0)
                path.Append(Piece(piece, floor));
            piece.Clear();
        }

        string paint = floor is null ? $"fill=\"none\" stroke=\"{color}\" stroke-width=\"1.4\" stroke-linejoin=\"round\" stroke-linecap=\"round\"" : $"fill=\"{color}\" fill-opacity=\"0.35\"";
        Add($"<path d=\"{path}\" {paint}", "path", null);
    }

    /// <summary>A dot.</summary>
    public void Dot(double x, double y, double radius, string fill) => Add($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" fill=\"{fill}\"", "circle", null);

    /// <summary>Text that begins, ends or has its middle at a point.</summary>
    public void Text(double x, double y, string text, int size = 11, string fill = "#333", string anchor = "start", bool isBold = false) =>
        _body.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size}\" fill=\"{fill}\" text-anchor=\"{anchor}\"{(isBold ? " font-weight=\"bold\"" : "")}>{WebUtility.HtmlEncode(text)}</text>\n");

    /// <summary>The whole file.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"DejaVu Sans, Verdana, sans-serif\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{_body}</svg>\n");

    private static string Piece(List<(double X, double Y)> piece, double? floor)
    {
        IEnumerable<(double X, double Y)> outline = floor is { } y ? [(piece[0].X, y), .. piece, (piece[^1].X, y)] : piece;
        return string.Concat(outline.Select((point, i) => string.Create(CultureInfo.InvariantCulture, $"{(i == 0 ? "M" : "L")}{point.X:0.##} {point.Y:0.##}"))) + (floor is null ? "" : "Z");
    }

    private void Add(FormattableString element, string name, string? title)
    {
        _body.Append(element.ToString(CultureInfo.InvariantCulture));
        _body.Append(title is null ? "/>\n" : $"><title>{WebUtility.HtmlEncode(title)}</title></{name}>\n");
    }
}
