/** The map library's own words, in Chinese. */
export const CHINESE: Record<string, string> = {
  "AttributionControl.ToggleAttribution": "底图来源",
  "GeolocateControl.FindMyLocation": "我的位置",
  "GeolocateControl.LocationNotAvailable": "无法取得位置",
  "Map.Title": "地块地图：方向键移动，加号和减号缩放，回车键选择中心地块",
  "NavigationControl.ZoomIn": "放大",
  "NavigationControl.ZoomOut": "缩小",
  "ScaleControl.Kilometers": "公里",
  "ScaleControl.Meters": "米",
};
